import { usageError } from '../client/errors.ts';
import { nearestName } from './flags/nearest-name.ts';
import type { CommandIo } from './io.ts';
import { COMMAND_NAMES, COMMANDS, type CommandModule } from './registry.ts';

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
      io.stdout.write(overview());
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
  if (name === undefined) io.stdout.write(overview());
  else {
    const command = await load(name);
    const { helpText } = await import('./command-line.ts');
    io.stdout.write(helpText(command.shape()));
  }
  return 0;
}

async function load(word: string): Promise<CommandModule> {
  const entry = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (entry === undefined) throw unknownWord(word);
  if (entry.load === undefined) throw usageError(`${word}: not available yet`);
  return entry.load();
}

function unknownWord(word: string): Error {
  const shown = JSON.stringify(word);
  if (word.startsWith('-') && word !== '-') {
    return usageError(
      `${shown} stands before the command`,
      'Flags come after it: ssekit listen --format ndjson …',
    );
  }
  if (word === 'curl' || /^(https?:\/\/|demo:|:\d)|^-$|^[\w.-]+:\d/i.test(word)) {
    return usageError(
      `the command is missing before ${shown}`,
      `Write: ssekit listen ${word}${word === 'curl' ? ' …' : ''}`,
    );
  }
  const near = nearestName(word, COMMAND_NAMES);
  const hint = near === undefined ? 'ssekit --help lists the commands.' : `Did you mean ${near}?`;
  return usageError(`${shown} is not a command`, hint);
}

/** Short on purpose: each command has its own help. */
function overview(): string {
  const built = Object.entries(COMMANDS).filter(([, entry]) => entry.load !== undefined);
  const lines = built.map(([name, { summary }]) => `  ${name.padEnd(14)}${summary}\n`);
  return `Examples:
  ssekit listen :3000/events            tail a stream of this machine
  ssekit listen demo:                   no server at hand: an embedded one
  ssekit listen curl 'https://…' -H …   a line copied from the browser as cURL

Usage: ssekit <command> [flags]

The inspector and load tester for Server-Sent Events.

Commands:
${lines.join('')}
ssekit help <command> shows its flags. ssekit --version prints the version.
`;
}
