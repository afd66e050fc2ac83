import { parseSpeed } from '../../notation/speed.ts';
import { parseFileName, parseOutputName } from './files.ts';
import { Flag } from './flag.ts';

export interface RecordingFlags {
  record?: string;
  from?: string;
  /** How many times as fast as it was; `true`: as it was. */
  pace?: number | true;
}

export function recordingFlags(): Flag[] {
  const group = 'Recording:';
  return [
    new Flag('--record <file>', 'keep the whole run in a file: .ndjson, .ndjson.gz or .har', {
      group,
      once: true,
      guarded: true,
      parse: parseOutputName,
    }),
    new Flag('--from <file>', 'read a recording, or the bytes of a stream; - is stdin', {
      group,
      once: true,
      guarded: true,
      parse: parseFileName,
    }),
    new Flag('--pace [speed]', 'with its timing, or so many times as fast (else at once)', {
      group,
      parse: (text) => parseSpeed(text),
    }),
  ];
}
