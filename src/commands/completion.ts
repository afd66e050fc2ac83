import { Option } from 'commander';
import { usageError } from '../client/errors.ts';
import { type CommandShape, helpText, parseLine, toCommand } from './command-line.ts';
import { bashScript } from './completion/bash.ts';
import { fishScript } from './completion/fish.ts';
import type { CompletionCommand } from './completion/model.ts';
import { zshScript } from './completion/zsh.ts';
import { Flag } from './flags/flag.ts';
import type { CommandIo } from './io.ts';
import { COMMANDS } from './registry.ts';

const SHELLS: Readonly<Record<string, (commands: readonly CompletionCommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export function shape(): CommandShape {
  return {
    name: 'completion',
    usage: 'bash|zsh|fish',
    description: 'Print a completion script for a shell.',
    examples: [
      ['source <(ssekit completion bash)', 'in ~/.bashrc'],
      ['ssekit completion zsh > ~/.zfunc/_ssekit', 'once; the folder is one of $fpath, before compinit'],
      ['ssekit completion fish > ~/.config/fish/completions/ssekit.fish', 'once'],
    ],
    flags: [],
    words: Object.keys(SHELLS),
  };
}

export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  const line = await parseLine(shape(), argv, COMMANDS);
  if (line === undefined) {
    io.stdout.write(helpText(shape()));
    return 0;
  }
  const [shell, ...more] = line.words;
  const script = shell !== undefined && Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (script === undefined || more.length > 0) {
    const what =
      shell === undefined ? 'the shell is missing' : `${JSON.stringify(line.words.join(' '))} is not a shell`;
    throw usageError(`completion: ${what}`, `Write one of: ${Object.keys(SHELLS).join(', ')}.`);
  }
  io.stdout.write(script(await completionCommands()));
  return 0;
}

/** What the program itself takes, so that scripts never fall behind it. */
async function completionCommands(): Promise<CompletionCommand[]> {
  return Promise.all(
    Object.entries(COMMANDS).map(async ([name, { summary, load }]) =>
      completionCommand(name, summary, (await load()).shape()),
    ),
  );
}

function completionCommand(name: string, summary: string, command: CommandShape): CompletionCommand {
  return {
    name,
    summary,
    words: command.words ?? [],
    flags: [...toCommand(command).options, new Option('-h, --help', 'show help')]
      .filter((option) => !option.hidden)
      .map((option) => ({
        long: option.long ?? '',
        short: option.short ?? '',
        description: option.description,
        takesValue: option.required,
        words: option instanceof Flag ? option.words : [],
        file: /<file|<path/.test(option.flags),
      })),
  };
}
