import { usageError } from '../../client/errors.ts';
import type { ListenFormat } from '../../listen/options.ts';
import { Flag } from './flag.ts';

export interface WireFlags {
  wire?: boolean;
}

export function wireFlags(): Flag[] {
  const description = 'show the lines of events: endings, offsets, reads, HTTP chunks';
  return [new Flag('--wire', description, { group: 'Output:' })];
}

/** @throws SseKitError `USAGE` where the format has no place for it */
export function wireOptions(flags: WireFlags, format: ListenFormat): { wire?: true } {
  if (flags.wire !== true) return {};
  if (format === 'pretty' || format === 'ndjson') return { wire: true };
  const holds = format === 'data' ? 'the data of events alone' : 'the bytes of the body alone';
  throw usageError(`--wire: --format ${format} holds ${holds}`, '--format pretty or ndjson shows the wire.');
}
