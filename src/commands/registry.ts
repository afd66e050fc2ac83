import type { CommandShape } from './command-line.ts';
import type { CommandIo } from './io.ts';

/** What a command's module offers; it is loaded when its name was typed. */
export interface CommandModule {
  run(argv: readonly string[], io: CommandIo): Promise<number>;
  shape(): CommandShape;
}

export interface CommandEntry {
  summary: string;
  load(): Promise<CommandModule>;
}

/** Every command of ssekit, in the order of the help. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  listen: {
    summary: 'tail a stream: every event as it arrives, and how it ended',
    load: () => import('./listen.ts'),
  },
  'serve-mock': {
    summary: 'an SSE server that does exactly what it is told',
    load: () => import('./serve-mock.ts'),
  },
  bench: {
    summary: 'open thousands of streams and measure them',
    load: () => import('./bench.ts'),
  },
  'check-proxy': {
    summary: 'find out what a proxy does to a stream',
    load: () => import('./check-proxy.ts'),
  },
  report: {
    summary: 'print a saved result, or write it in other forms',
    load: () => import('./report.ts'),
  },
  completion: {
    summary: 'print a completion script for bash, zsh or fish',
    load: () => import('./completion.ts'),
  },
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);
