import type { EncodableEvent } from '../../../sse/encoder.ts';
import type { Schedule } from '../../step.ts';
import { notification } from './rpc.ts';

/** In the order of their weight, as syslog has them. */
export const LOG_LEVELS = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** So many are kept for those who resume. */
const KEPT = 100;
const PREFIX = 's';

/** What the server logs, in turn. */
const SAID: readonly { level: LogLevel; data: string }[] = [
  { level: 'info', data: 'The index is up to date' },
  { level: 'debug', data: 'cache: 12 hits, 3 misses' },
  { level: 'notice', data: 'A new document: größen.md' },
  { level: 'info', data: 'Backup finished 🌊' },
  { level: 'warning', data: 'The disk is 91 % full' },
];

/**
 * What the server says by itself on the stream that a client opens with GET: a log message every so often, from the
 * session's beginning on and whether anybody listens or not. Its number is a matter of the clock alone.
 */
export class ServerMessages {
  /** A session has one such stream at a time. */
  open = false;
  ended = false;
  level: LogLevel = 'info';
  readonly #begunMs: number;
  readonly #intervalMs: number;

  constructor(begunMs: number, intervalMs: number) {
    this.#begunMs = begunMs;
    this.#intervalMs = intervalMs;
  }

  /** Number of the last one that there has been; 0: none yet. */
  lastNumber(nowMs: number): number {
    return Math.max(0, Math.floor((nowMs - this.#begunMs) / this.#intervalMs));
  }

  /**
   * @param seen number of the last one that the client has; undefined: it wants what comes from now on
   * @param primed it is given an id first, to resume by
   */
  *from(seen: number | undefined, nowMs: number, primed: EncodableEvent | undefined): Schedule {
    // Of two that were let in before either began, one has it.
    if (this.open) return;
    this.open = true;
    try {
      if (primed !== undefined) yield { kind: 'event', afterMs: 0, n: 0, event: primed };
      let dueMs = nowMs;
      const last = this.lastNumber(nowMs);
      const first = seen === undefined ? last + 1 : Math.max(seen, last - KEPT) + 1;
      for (let n = first; !this.ended; n += 1) {
        const atMs = Math.max(dueMs, this.#begunMs + n * this.#intervalMs);
        const afterMs = atMs - dueMs;
        dueMs = atMs;
        const said = SAID[(n - 1) % SAID.length];
        if (said === undefined || !this.#isWanted(said.level)) {
          // The level may change, and the session end: somebody has to look again.
          yield { kind: 'comment', afterMs, text: 'keep-alive' };
          continue;
        }
        const message = notification('notifications/message', { ...said, logger: 'mock' });
        const event = { event: 'message', id: idOf(n), data: JSON.stringify(message) };
        yield { kind: 'event', afterMs, event };
      }
    } finally {
      this.open = false;
    }
  }

  #isWanted(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(this.level);
  }
}

export function idOf(number: number): string {
  return `${PREFIX}_${number}`;
}

/** The stream that an event's id names, and its number there. */
export function parseEventId(text: string): { key: string; n: number } | undefined {
  const [, key, n] = /^(s|c[1-9]\d{0,14})_(0|[1-9]\d{0,14})$/.exec(text) ?? [];
  return key === undefined ? undefined : { key, n: Number(n) };
}

export function isServerKey(key: string): boolean {
  return key === PREFIX;
}
