import type { FindingCount } from '../../../../src/results/sections.ts';
import type { Outcome } from '../../harness/cli.ts';
import { runCommand } from '../../harness/command.ts';
import { recordsOfType } from '../../harness/records.ts';

/** A run with what it found. */
export interface Found extends Outcome {
  /** Codes as they were told, in order. */
  codes: string[];
  offsets: (number | undefined)[];
  messages: string[];
  findings: FindingCount[];
}

/** `listen` with these words and `--format ndjson`. */
export async function find(words: readonly string[], stdin?: Buffer): Promise<Found> {
  const options = stdin === undefined ? {} : { stdin };
  const outcome = await runCommand(['listen', ...words, '--format', 'ndjson'], options);
  const told = recordsOfType(outcome, 'warn').filter(({ severity }) => severity !== undefined);
  const [summary] = recordsOfType(outcome, 'summary');
  return {
    ...outcome,
    codes: told.map(({ code }) => code as string),
    offsets: told.map(({ offset }) => offset as number | undefined),
    messages: told.map(({ message }) => message as string),
    findings: (summary?.findings ?? []) as FindingCount[],
  };
}

/** The same for the bytes of a stream on standard input; a text stands for its Latin-1 bytes. */
export function findIn(body: string, ...flags: string[]): Promise<Found> {
  return find(['-', ...flags], Buffer.from(body, 'latin1'));
}
