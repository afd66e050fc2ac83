import type { Command } from 'commander';
import { usageError } from '../../client/errors.ts';
import type { ExecOptions } from '../../listen/options.ts';
import { parseCount } from '../../notation/count.ts';
import { InvalidValue } from '../../notation/invalid-value.ts';
import { Flag } from './flag.ts';

export interface ExecFlags {
  exec?: string;
  execParallel?: number;
}

/** More processes at once than this make nothing quicker. */
const MOST_PARALLEL = 64;

export function execFlags(): Flag[] {
  const group = 'Listen:';
  return [
    new Flag('--exec <command>', 'run this for each shown event: its data on standard input', {
      group,
      once: true,
      guarded: true,
      parse: parseCommand,
    }),
    new Flag('--exec-parallel <n>', 'so many at once (1, which keeps the order)', {
      group,
      parse: parseParallel,
    }),
  ];
}

export function execOptions({ exec, execParallel }: ExecFlags, command: Command): { exec?: ExecOptions } {
  if (exec !== undefined) return { exec: { command: exec, parallel: execParallel ?? 1 } };
  if (command.getOptionValueSource('execParallel') === 'cli') {
    throw usageError(
      '--exec-parallel: --exec is missing',
      "For example: --exec 'jq .total' --exec-parallel 4",
    );
  }
  return {};
}

function parseCommand(text: string): string {
  if (text.trim() === '') throw new InvalidValue('the command is empty', "For example: --exec 'jq .total'");
  return text;
}

function parseParallel(text: string): number {
  const count = parseCount(text, 1);
  if (count > MOST_PARALLEL) throw new InvalidValue(`"${text}" is too large: at most ${MOST_PARALLEL}`);
  return count;
}
