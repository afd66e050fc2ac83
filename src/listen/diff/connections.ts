import type { CloseRecord, OpenRecord } from '../../recording/records.ts';
import { maskHeaderValue } from '../../results/redaction.ts';
import { type Sides, sides } from './sides.ts';

/** What is compared of a connection beside its events. */
export interface ConnectionFacts {
  /** Absent where no headers came, or there are none: standard input. */
  status?: number;
  /** Names in lower case; the values of one name together. */
  headers: Readonly<Record<string, string>>;
  /** How it ended; absent where the recording ends before it. */
  ending?: string;
  /** The recorder left: how the server would have ended it is unknown. */
  left: boolean;
}

/** A difference between the N-th connections of two runs, or between their numbers. */
export interface ConnectionDifference extends Sides {
  /** From 1; absent for the number of connections. */
  conn?: number;
  /** `connections`, `status`, `ending`, or `header NAME`. */
  what: string;
}

/** These are of one answer, or of one moment: it counts that they are there, not what they say. */
const OF_THE_MOMENT =
  /^(age|alt-svc|cf-.*|content-length|date|etag|expires|last-modified|nel|report-to|server-timing|set-cookie|traceparent|tracestate|x-amz.*|x-cache.*|x-ratelimit.*|x-response-time|x-runtime|x-served-by|x-timer)$|(^|-)id$/;

/** Beyond it, connections are counted only. */
export const MOST_CONNECTIONS = 10_000;

/** Differences told of them. */
const MOST_DIFFERENCES = 100;

export function openFacts(open: OpenRecord | undefined): ConnectionFacts {
  const headers = Object.entries(open?.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    [value].flat().join(', '),
  ]);
  return {
    ...(open === undefined ? {} : { status: open.status }),
    headers: Object.fromEntries(headers),
    left: false,
  };
}

export function withEnding(facts: ConnectionFacts, close: CloseRecord | undefined): ConnectionFacts {
  if (close === undefined) return facts;
  return { ...facts, ending: close.reason, left: close.reason === 'client' };
}

/** @param showSecrets of headers that differ; else they are masked, though compared all the same */
export function connectionDifferences(
  a: readonly ConnectionFacts[],
  b: readonly ConnectionFacts[],
  showSecrets: boolean,
): ConnectionDifference[] {
  const differences: ConnectionDifference[] = [];
  if (a.length !== b.length) {
    differences.push({ what: 'connections', a: String(a.length), b: String(b.length) });
  }
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const [one, other] = [a[at], b[at]];
    if (one === undefined || other === undefined || differences.length >= MOST_DIFFERENCES) break;
    for (const difference of differencesOf(one, other, showSecrets))
      differences.push({ conn: at + 1, ...difference });
  }
  return differences;
}

function* differencesOf(
  a: ConnectionFacts,
  b: ConnectionFacts,
  showSecrets: boolean,
): Generator<ConnectionDifference> {
  // What was read from a file has no head; a connection that got none differs in its ending.
  if (a.status !== undefined && b.status !== undefined) {
    if (a.status !== b.status) yield { what: 'status', ...sides(String(a.status), String(b.status)) };
    yield* headerDifferences(a.headers, b.headers, showSecrets);
  }
  const known = a.ending !== undefined && b.ending !== undefined && !a.left && !b.left;
  if (known && a.ending !== b.ending) yield { what: 'ending', ...sides(a.ending, b.ending) };
}

function* headerDifferences(
  a: ConnectionFacts['headers'],
  b: ConnectionFacts['headers'],
  showSecrets: boolean,
): Generator<ConnectionDifference> {
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [one, other] = [a[name], b[name]];
    const both = one !== undefined && other !== undefined;
    if (one === other || (both && OF_THE_MOMENT.test(name))) continue;
    const shown = (value: string | undefined) =>
      value === undefined || showSecrets ? value : maskHeaderValue(name, value);
    yield { what: `header ${name}`, ...sides(shown(one), shown(other)) };
  }
}
