import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import { FORMS, type FormEnding, type FormEntry } from '../../report/bench/forms/registry.ts';
import { parseFileName } from './files.ts';
import { Flag } from './flag.ts';

/** A file that a result goes to, and its form. */
export interface ResultOutput {
  path: string;
  ending: FormEnding;
}

/** `-o`: what a run leaves, in the form that the file's ending names. */
export function outputFlag(group: string, command: 'bench' | 'report'): Flag {
  const endings = endingsOf(command);
  return new Flag(
    '-o, --output <file>',
    `a file with the result, by its ending: ${endings.join(', ')} (repeatable)`,
    { group, repeat: true, guarded: true, parse: (text) => parseOutput(text, command) },
  );
}

function parseOutput(text: string, command: 'bench' | 'report'): ResultOutput {
  const path = parseFileName(text);
  if (path === '-') {
    throw new InvalidValue(
      '"-" is no file',
      '--format json prints the result on standard output; ./- is a file that is called so.',
    );
  }
  const ending = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase() ?? '';
  const entry = entryOf(ending);
  if (entry === undefined) {
    throw new InvalidValue(
      `${quoted(text)} says by its ending what it is to hold: ${ending === '' ? 'it has none' : `${ending} is not known`}`,
      `Accepted are ${described(command)}.`,
    );
  }
  if (entry.load === undefined)
    throw new InvalidValue(`${ending}: not available yet`, `There are ${described(command)}.`);
  if (command === 'report' && entry.liveOnly === true) {
    throw new InvalidValue(
      `${ending}: a timeline is written while the run goes on, a result no longer has it`,
      `Give it to bench: ssekit bench … -o FILE${ending}`,
    );
  }
  return { path, ending: ending as FormEnding };
}

function entryOf(ending: string): FormEntry | undefined {
  return Object.hasOwn(FORMS, ending) ? FORMS[ending as FormEnding] : undefined;
}

function endingsOf(command: 'bench' | 'report'): string[] {
  const entries = Object.entries<FormEntry>(FORMS);
  return entries
    .filter(([, { load, liveOnly }]) => load !== undefined && (command === 'bench' || liveOnly !== true))
    .map(([ending]) => ending);
}

function described(command: 'bench' | 'report'): string {
  const words = endingsOf(command).map((ending) => `${ending} (${FORMS[ending as FormEnding].holds})`);
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
