import { parseDuration } from '../../notation/duration.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import { parseFileName } from './files.ts';
import { Flag } from './flag.ts';

/** The flags of `serve-mock --check` as parsed. */
export interface CheckFlags {
  check?: boolean;
  for?: number;
  output?: CheckOutput[];
}

/** A file for the result, and what is written into it. */
export interface CheckOutput {
  path: string;
  format: 'json' | 'junit';
}

const CHECK = 'Client conformance:';

export function checkFlags(): Flag[] {
  const group = CHECK;
  return [
    new Flag('--check', 'run the conformance suite with the client that connects, and end', { group }),
    new Flag('--for <time>', 'end --check after this time, whatever is missing', {
      group,
      parse: (text) => parseDuration(text, { minMs: 1 }),
    }),
    new Flag('-o, --output <file>', 'the result of --check: .json, or .xml for JUnit (repeatable)', {
      group,
      repeat: true,
      guarded: true,
      parse: parseOutput,
    }),
  ];
}

const FORMATS: Readonly<Record<string, CheckOutput['format']>> = { '.json': 'json', '.xml': 'junit' };

function parseOutput(text: string): CheckOutput {
  const path = parseFileName(text);
  const ending = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase() ?? '';
  const format = FORMATS[ending];
  if (format !== undefined) return { path, format };
  throw new InvalidValue(
    `${quoted(text)} says by its ending what it is to hold: ${ending === '' ? 'it has none' : `${ending} is not known`}`,
    'Write FILE.json for the result, FILE.xml for JUnit.',
  );
}
