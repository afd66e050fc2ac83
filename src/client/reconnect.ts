import type { CloseInfo } from './records.ts';
import { MAX_WAIT_MS } from './retry-after.ts';

/**
 * Statuses after which we try again although a browser gives up (HTML standard §9.2.3 fails the connection on
 * any status but 200): a server that is restarting or overloaded means them for a moment.
 */
const PASSING_STATUSES = new Set([429, 500, 502, 503, 504]);

/** Failures that the next attempt can only repeat. */
const LASTING_CODES = new Set([
  'BAD_ENCODING',
  'HEADERS_TOO_LARGE',
  'REQUEST_INVALID',
  'TLS_SETUP',
  'PROXY_AUTH_REQUIRED',
]);

/** A server that opens streams and closes them without a word would else, with `retry: 0`, be asked in a loop. */
const EMPTY_STREAM_FLOOR_MS = 100;

/** One that ends each stream after an event may mean `retry: 0` (long polling), but is not asked without pause. */
const ATTEMPT_SPACING_MS = 50;

export interface ReconnectSettings {
  /** Attempts in a row after a stream ended or failed, before giving up; `Infinity`: for ever. */
  retries: number;
  /** Base wait while the server sent no `retry:`. */
  retryDelayMs: number;
  /** Longest wait that backoff grows to by itself. */
  retryMaxMs: number;
}

export type NextAttempt =
  | { kind: 'stop' }
  | {
      kind: 'wait';
      delayMs: number;
      cause: 'base' | 'backoff' | 'retry-after';
      /** A browser would have stopped here. */
      beyondBrowser: boolean;
    };

/** Whether an ended attempt may be followed by another at all, whatever the number of retries. */
export function mayRetry(close: CloseInfo): boolean {
  switch (close.reason) {
    case 'eof':
    case 'truncated':
    case 'reset':
    case 'idle':
      return true;
    case 'connect_error':
    case 'protocol':
      return close.error === undefined || !(isLasting(close.error.code) || close.error.exitCode === 60);
    case 'status':
      return close.status !== undefined && PASSING_STATUSES.has(close.status);
    case 'wrong_type':
    case 'no_content':
    case 'client':
      return false;
  }
}

function isLasting(code: string): boolean {
  return LASTING_CODES.has(code);
}

/** From the start of an attempt to its end, in whole milliseconds. */
function lifetimeMs({ marks }: CloseInfo): number {
  return Math.floor((marks.end ?? marks.start) - marks.start);
}

/**
 * When to try again, by the HTML standard's rules (§9.2.3) with one departure (PASSING_STATUSES) and bounded
 * exponential backoff. The first wait after a stream that had opened is exactly the base (but attempts start at
 * least 50 ms apart, and a stream without an event is followed by 100 ms at least); after the k-th failed
 * attempt in a row it is min(max(base, retryMax), base · 2^k) · (1 − 0.5·u), u uniform in [0, 1).
 */
export class ReconnectPolicy {
  private base: number;
  private failures = 0;
  private attempts = 0;
  private readonly settings: ReconnectSettings;
  private readonly random: () => number;

  constructor(settings: ReconnectSettings, random: () => number = Math.random) {
    this.settings = settings;
    this.random = random;
    this.base = Math.min(settings.retryDelayMs, MAX_WAIT_MS);
  }

  /** The server's `retry:` becomes the base, clamped to 1 h; tells whether it was clamped. */
  serverAsked(ms: number): { clamped: boolean } {
    this.base = Math.min(ms, MAX_WAIT_MS);
    return { clamped: ms > MAX_WAIT_MS };
  }

  /** A stream opened: its answer was accepted. */
  opened(): void {
    this.failures = 0;
    this.attempts = 0;
  }

  /** What follows an attempt that ended; `opened` says whether its answer had been accepted. */
  next(close: CloseInfo, opened: boolean): NextAttempt {
    if (!opened) this.failures++;
    if (!mayRetry(close) || this.attempts >= this.settings.retries) return { kind: 'stop' };
    this.attempts++;
    const beyondBrowser = close.reason === 'status';
    const asked = opened ? undefined : close.retryAfterMs;
    if (asked !== undefined && asked > 0) {
      return { kind: 'wait', delayMs: asked, cause: 'retry-after', beyondBrowser };
    }
    if (opened) {
      const floor = close.events > 0 ? ATTEMPT_SPACING_MS - lifetimeMs(close) : EMPTY_STREAM_FLOOR_MS;
      return { kind: 'wait', delayMs: Math.max(this.base, floor), cause: 'base', beyondBrowser };
    }
    return { kind: 'wait', delayMs: this.backoff(), cause: 'backoff', beyondBrowser };
  }

  private backoff(): number {
    // A base of 0 would never grow: failures are waited for from 100 ms on.
    const base = Math.max(this.base, EMPTY_STREAM_FLOOR_MS);
    const longest = Math.max(base, this.settings.retryMaxMs);
    return Math.min(longest, base * 2 ** this.failures) * (1 - 0.5 * this.random());
  }
}
