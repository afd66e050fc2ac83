import type { DeliveryOptions } from '../../../bench/options.ts';
import { compilePath } from '../../../notation/json-path.ts';
import { parseRate } from '../../../notation/rate.ts';
import { Flag } from '../flag.ts';
import { parseHeader } from '../headers.ts';
import { parsePublish } from './publish.ts';

const DELIVERY = 'Delivery:';

/** What arrives of what was sent, and how long it takes. */
export function deliveryFlags(): Flag[] {
  const group = DELIVERY;
  return [
    new Flag('--sequence <where>', 'audit what is delivered by numbers: id, or a path in JSON data', {
      group,
      parse: parseSequence,
    }),
    new Flag('--sent-at <path>', 'delivery latency, from a time in JSON data', { group, parse: parsePath }),
    new Flag('--publish <url>', 'publish events meanwhile: a URL, redis://HOST#CHANNEL, exec:CMD', {
      group,
      guarded: true,
      parse: parsePublish,
    }),
    new Flag('--publish-rate <rate>', 'so many: 10/s', { group, parse: parseRate }),
    new Flag('--publish-body <text>', 'with {{n}} and {{sentAt}} in it', { group }),
    new Flag('--publish-header <line>', "'Name: value', for a URL (repeatable)", {
      group,
      repeat: true,
      guarded: (text) => text.startsWith('@'),
      parse: parseHeader,
    }),
  ];
}

function parseSequence(text: string): NonNullable<DeliveryOptions['sequence']> {
  return text.trim() === 'id' ? { kind: 'id' } : { kind: 'path', path: parsePath(text) };
}

function parsePath(text: string): string {
  compilePath(text);
  return text;
}
