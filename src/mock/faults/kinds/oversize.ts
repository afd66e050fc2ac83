import { parseSize } from '../../../notation/size.ts';
import { MAX_EVENT_BYTES } from '../../overrides.ts';
import type { FaultKind } from '../kind.ts';

const MEMBER = '"padding":""';

export const oversize: FaultKind<number> = {
  name: 'oversize',
  meaning: 'the data is padded to SIZE; JSON stays JSON',
  scope: 'event',
  withoutWhen: 'every event',
  value: {
    label: 'SIZE',
    example: '20MB',
    parse: (text) => parseSize(text, { minBytes: 1, maxBytes: MAX_EVENT_BYTES }),
  },
  change(block, size) {
    if (block.isEmpty) return;
    const missing = size - block.dataLength;
    if (missing <= 0) return;
    const data = block.data ?? '';
    block.replace(
      'data',
      pad(data, missing)
        .split('\n')
        .map((line) => Buffer.from(`data: ${line}`)),
    );
  },
};

/** Text that is longer by so many bytes, and JSON where it was: an object gets a member, a string goes on. */
function pad(data: string, missing: number): string {
  const value = jsonValue(data);
  if (value === undefined) return data + '.'.repeat(missing);
  const end = data.trimEnd().length - 1;
  const [head, tail] = [data.slice(0, end), data.slice(end)];
  if (typeof value === 'string') return head + '.'.repeat(missing) + tail;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const comma = Object.keys(value).length === 0 ? '' : ',';
    const filler = missing - comma.length - MEMBER.length;
    if (filler >= 0) return `${head}${comma}${MEMBER.slice(0, -1)}${'.'.repeat(filler)}"${tail}`;
  }
  // Space may follow any JSON value.
  return data + ' '.repeat(missing);
}

function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Most data of event streams is JSON; what isn't is text.
    return undefined;
  }
}
