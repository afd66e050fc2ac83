import { execFileSync } from 'node:child_process';

/** The words that a real shell makes of a line. */
export function shellWords(line: string): string[] {
  const script = `words() { "${process.execPath}" -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- "$@"; }\nwords ${line}`;
  return JSON.parse(execFileSync('bash', ['-c', script], { encoding: 'utf8' }));
}
