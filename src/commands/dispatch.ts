import type { CommandIo } from './io.ts';
import { COMMANDS, type CommandModule } from './registry.ts';

/**
 * Runs the command that the arguments name.
 *
 * @returns the exit code
 * @throws SseKitError exit 2 for what is no command line of ours, and what the command throws
 */
export async function dispatch(argv: readonly string[], io: CommandIo): Promise<number> {
  const [word, ...rest] = argv;
  switch (word) {
    case undefined:
    case '-h':
    case '--help':
      io.stdout.write(await overview());
      return 0;
    case '-V':
    case '--version': {
      const { VERSION } = await import('./version.ts');
      io.stdout.write(`${VERSION}\n`);
      return 0;
    }
    case 'help':
      return help(rest, io);
    default:
      return (await load(word)).run(rest, io);
  }
}

async function help([name]: readonly string[], io: CommandIo): Promise<number> {
  if (name === undefined) io.stdout.write(await overview());
  else {
    const command = await load(name);
    const { helpText } = await import('./command-line.ts');
    io.stdout.write(helpText(command.shape()));
  }
  return 0;
}

async function load(word: string): Promise<CommandModule> {
  const entry = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (entry === undefined) {
    const { unknownWord } = await import('./unknown-word.ts');
    throw unknownWord(word);
  }
  return entry.load();
}

async function overview(): Promise<string> {
  const { overviewText } = await import('./overview.ts');
  return overviewText();
}
