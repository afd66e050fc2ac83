import { parseCount } from '../../notation/count.ts';
import { parseDuration } from '../../notation/duration.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import { parsePercentage } from '../../notation/percentage.ts';
import { parseSize } from '../../notation/size.ts';
import type { Trigger } from './spec.ts';

export type TriggerKind = Trigger['kind'];

/** How each kind of WHEN is written, for messages. */
const WRITTEN: Record<TriggerKind, string> = {
  event: 'an event (3)',
  byte: 'a byte (4096b, 64KB)',
  time: 'a time (2s)',
  every: 'every:10',
  chance: 'a probability (1%)',
};

/** The WHEN of a fault: `3`, `4096b`, `64KB`, `2s`, `every:10`, `1%`. */
export function parseTrigger(text: string): Trigger {
  const trimmed = text.trim();
  const every = /^every:(.*)$/.exec(trimmed)?.[1];
  if (every !== undefined) return { kind: 'every', n: parseEvery(every) };
  if (trimmed.includes(',')) {
    throw new InvalidValue(
      `${quoted(text)} is more than one WHEN`,
      'Give the fault once for each: drop@3 and drop@5.',
    );
  }
  if (/^[+-]?\d+$/.test(trimmed)) return { kind: 'event', n: parseEventNumber(trimmed) };
  if (/^[\d.]+\s*%$/.test(trimmed)) return { kind: 'chance', p: parsePercentage(trimmed) };
  if (/^[\d.]+\s*(k|m|g)?i?b$/i.test(trimmed)) return { kind: 'byte', offset: parseSize(trimmed) };
  if (/^[\d.]+\s*(ms|s|m|h)$/i.test(trimmed)) return { kind: 'time', ms: parseDuration(trimmed) };
  throw new InvalidValue(
    `${quoted(text)} is no WHEN`,
    `Write ${written(['event', 'byte', 'time', 'every', 'chance'])}.`,
  );
}

/** `an event (3), a time (2s) or every:10` */
export function written(kinds: readonly TriggerKind[]): string {
  const all = kinds.map((kind) => WRITTEN[kind]);
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}

function parseEventNumber(text: string): number {
  if (Number(text) === 0) {
    throw new InvalidValue(
      `${quoted(text)} is no event`,
      'Events count from 1; before the first byte is 0b.',
    );
  }
  return parseCount(text, 1);
}

function parseEvery(text: string): number {
  if (/^\d+(ms|s|m|h)$/i.test(text)) {
    throw new InvalidValue(
      `${quoted(`every:${text}`)} is no WHEN`,
      'every: takes a number of events: every:10.',
    );
  }
  return parseCount(text, 1);
}
