import { InvalidValue } from '../../notation/invalid-value.ts';
import { parseOutputName } from './files.ts';
import { Flag } from './flag.ts';

export interface ExpectFlags {
  expect?: string[];
  junit?: string;
}

export function expectFlags(): Flag[] {
  const group = 'Listen:';
  return [
    new Flag('--expect <rule>', "fail with 10 unless this holds: 'first-event<500ms' (repeatable)", {
      group,
      repeat: true,
      guarded: readsFile,
      parse: parseText,
    }),
    new Flag('--junit <file>', 'write what the run came to as JUnit XML', {
      group,
      once: true,
      guarded: true,
      parse: parseOutputName,
    }),
  ];
}

export function expectOptions({ expect, junit }: ExpectFlags): {
  expect?: readonly string[];
  junitFile?: string;
} {
  return {
    ...(expect === undefined ? {} : { expect }),
    ...(junit === undefined ? {} : { junitFile: junit }),
  };
}

/** Rules are read only where a run begins: their grammar would make every start slower. */
function parseText(text: string): string {
  if (text.trim() === '') throw new InvalidValue('the rule is empty', "For example: 'count>=10'");
  return text;
}

/** A schema may be any file. */
function readsFile(text: string): boolean {
  return /^\s*schema/.test(text);
}
