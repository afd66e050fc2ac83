import { parseFileName } from './files.ts';
import { Flag } from './flag.ts';

export interface DiffFlags {
  /** The recording that is compared with. */
  from?: string;
  diff?: string;
}

export function diffFlags(): Flag[] {
  return [
    new Flag('--diff <file>', 'show where this recording differs from that of --from', {
      group: 'Recording:',
      guarded: true,
      parse: parseFileName,
    }),
  ];
}
