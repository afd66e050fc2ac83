import { type SseKitError, usageError } from '../client/errors.ts';
import { LONGEST_MS } from '../notation/duration.ts';
import { quoted } from '../notation/invalid-value.ts';
import { nearestName } from '../notation/nearest-name.ts';
import type { Handler } from './answer.ts';
import { LAST_PORT, LONGEST_RING } from './limits.ts';
import { LOST_ID_POLICIES, type LostIdPolicy } from './lost-id.ts';
import { MIN_INTERVAL_MS } from './overrides.ts';

/** What a mock serves and how; every key may be left out. */
export interface MockOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** A ready-made stream, see docs/presets.md. Default `ticker`. */
  preset?: string;
  /** A scenario file instead, see docs/scenarios.md. */
  scenario?: string;
  /** A function from requests to answers instead. */
  handler?: Handler;
  /** Between the events of a preset, milliseconds. */
  intervalMs?: number;
  /** A preset's stream ends behind so many events. */
  count?: number;
  /** Event type of the ticks. */
  event?: string;
  /** Template of the data of the ticks: `{"n":{{n}}}`. */
  data?: string;
  /** As on the command line, see docs/faults.md: `conn:1:reset@3`. */
  faults?: readonly string[];
  /** The same seed gives the same run. Default: drawn. */
  seed?: number;
  /** Queries such as `?fault=reset@3` change nothing. Default false. */
  fixed?: boolean;
  /** Silence after which a stream gets a comment; 0: never. Default 15 s. */
  heartbeatMs?: number;
  /** The reconnection time that streams announce. Default: none is. */
  retryMs?: number;
  /** Events that a channel keeps for `Last-Event-ID`. Default 1,000. */
  buffer?: number;
  /** What a `Last-Event-ID` gets that isn't kept. Default `oldest`. */
  onLostId?: LostIdPolicy;
  /** Without this token: 401. */
  token?: string;
  /** Streams that a user, or without a token a client, may have open; more get 429. */
  maxPerUser?: number;
}

/** What a value must be, for each option. */
type Rules = { readonly [Name in keyof MockOptions]-?: Rule };

interface Rule {
  accepts(value: unknown): boolean;
  /** As in “it must be …”. */
  what: string;
}

const RULES: Rules = {
  port: whole(0, LAST_PORT),
  host: text('an address, such as 127.0.0.1, ::1 or 0.0.0.0', /^[^\s/]+$/),
  preset: text('the name of a preset'),
  scenario: text('the path of a file', /./s),
  handler: { accepts: (value) => typeof value === 'function', what: 'a function' },
  intervalMs: time(MIN_INTERVAL_MS),
  count: whole(1),
  event: text('text on one line', /^[^\r\n]*$/),
  data: text('text'),
  faults: {
    accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
    what: "a list of faults, such as ['conn:1:reset@3']",
  },
  seed: whole(0),
  fixed: { accepts: (value) => typeof value === 'boolean', what: 'true or false' },
  heartbeatMs: time(0),
  retryMs: whole(0, LONGEST_MS),
  buffer: whole(0, LONGEST_RING),
  onLostId: {
    accepts: (value) => LOST_ID_POLICIES.some((each) => each === value),
    what: `one of ${LOST_ID_POLICIES.join(', ')}`,
  },
  token: text('text, not empty', /./s),
  maxPerUser: whole(1),
};

/** @throws SseKitError `USAGE` (exit 2) that names the first option that can't be, and what it must be */
export function checkOptions(options: MockOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isOption(name)) throw unknownOption(name);
    const { accepts, what } = RULES[name];
    if (value === undefined || accepts(value)) continue;
    // A token is a secret, however wrong it is.
    const shown = name === 'token' ? 'that' : shownValue(value);
    throw usageError(`${name}: ${shown} can't be: it must be ${what}`);
  }
}

function isOption(name: string): name is keyof MockOptions {
  return Object.hasOwn(RULES, name);
}

function unknownOption(name: string): SseKitError {
  const names = Object.keys(RULES);
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? `The options are ${names.join(', ')}.` : `Did you mean ${nearest}?`;
  return usageError(`${JSON.stringify(name)} is no option of a mock`, hint);
}

function whole(min: number, max = Number.MAX_SAFE_INTEGER): Rule {
  return {
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
    what: `a whole number ${range(min, max)}`,
  };
}

/** Milliseconds that a timer can hold, whole or not. */
function time(min: number): Rule {
  return {
    accepts: (value) => typeof value === 'number' && value >= min && value <= LONGEST_MS,
    what: `a number of milliseconds ${range(min, LONGEST_MS)}`,
  };
}

function range(min: number, max: number): string {
  return max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}`;
}

function text(what: string, pattern = /(?:)/): Rule {
  return { accepts: (value) => typeof value === 'string' && pattern.test(value), what };
}

function shownValue(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'object' && value !== null
    ? `an ${Array.isArray(value) ? 'array' : 'object'}`
    : String(value);
}
