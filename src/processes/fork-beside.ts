import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Starts a program that lies beside a module, in a process of its own.
 *
 * @param module `import.meta.url` of that module
 * @param program its file without the ending, such as `demo-process`
 */
export function forkBeside(
  module: string,
  program: string,
  args: readonly string[],
  { execArgv = [], ...options }: Omit<ForkOptions, 'execArgv'> & { execArgv?: readonly string[] },
): ChildProcess {
  // From dist it is plain JavaScript; from src the loader that runs this file must run that one too.
  const source = module.endsWith('.ts');
  const path = fileURLToPath(new URL(`./${program}.${source ? 'ts' : 'js'}`, module));
  return fork(path, args, { ...options, execArgv: [...execArgv, ...(source ? ['--import', 'tsx'] : [])] });
}
