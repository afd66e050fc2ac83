import { parseFileName } from './files.ts';
import { Flag } from './flag.ts';

export interface DiffFlags {
  /** The recording that is compared with. */
  from?: string;
  diff?: string;
  diffIgnore?: string[];
}

export function diffFlags(): Flag[] {
  return [
    new Flag('--diff <file>', 'show where this recording differs from that of --from', {
      group: 'Recording:',
      once: true,
      guarded: true,
      parse: parseFileName,
    }),
    new Flag('--diff-ignore <path>', 'not in this: id, data.timestamp, … (repeatable)', {
      group: 'Recording:',
      repeat: true,
    }),
  ];
}
