import type { Evidence, Measured } from '../../results/check/result.ts';
import { NotMeasurable } from '../not-measurable.ts';
import type { Observation } from '../observation/observation.ts';
import { observe } from '../observation/observe.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { overHttp1, overHttp2 } from '../reach/http-versions.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** What a client saw of an origin that died: that something is wrong, a whole answer, or nothing at all. */
type Outcome = 'error' | 'clean' | 'hang';

/** Of the body: more than an answer that breaks off has, and what a proxy may add to it. */
const KEPT_BYTES = 8 * 1024;
/** How each event of the origin's begins and ends. */
const EVENT = { start: 'id: ', end: '\n\n' } as const;

/** How the client speaks to the proxy, and how the origin's connection ended. */
const CASES = ['http1Fin', 'http1Reset', 'http2Fin', 'http2Reset'] as const;
type Case = (typeof CASES)[number];

interface Truncation {
  /** Without those that can't be had along this way. */
  outcomes: Partial<Record<Case, Outcome>>;
  /** What the proxy wrote into an answer that it then ended in order: an error page, say. */
  appendedBytes?: number;
  /** How the proxy asks the origin; absent where it was never seen to. */
  originHttp?: string;
  /** How the client is to know the end of the body, where it was HTTP/1. */
  framing?: string;
}

interface Times {
  /** The origin lives so long behind its events: what it sent is on its way when it dies. */
  lastMs: number;
  /** No end for so long is a hang. */
  hangMs: number;
}

const TIMES: Times = { lastMs: 250, hangMs: 8_000 };

export const truncation: Probe = probe<Truncation>({
  id: 'truncation',
  title: 'a client hears that the origin died in the middle of a stream',
  requirement:
    'An answer that the origin broke off, by FIN or RST, ends for the client with an error: neither as if it were whole, nor never.',
  seconds: 1,
  secondsIfHeld: 9,
  load: 'quiet',
  originFails: 'in an answer',
  connections: 4,
  measure: (way, context) => measureTruncation(way, context, TIMES),
  judge: judgeTruncation,
});

export async function measureTruncation(way: Way, context: ProbeContext, times: Times): Promise<Truncation> {
  const http2 = await overHttp2(way, context);
  const [http1Fin, http1Reset, http2Fin, http2Reset] = await Promise.all([
    breakOff(overHttp1(way), 'fin', context, times),
    breakOff(overHttp1(way), 'reset', context, times),
    http2 && breakOff(http2, 'fin', context, times),
    http2 && breakOff(http2, 'reset', context, times),
  ]);
  const all = { http1Fin, http1Reset, http2Fin, http2Reset };
  const outcomes: Truncation['outcomes'] = {};
  for (const each of CASES) {
    const outcome = all[each]?.outcome;
    if (outcome !== undefined) outcomes[each] = outcome;
  }
  if (Object.keys(outcomes).length === 0)
    throw new NotMeasurable('no answer that the origin broke off came this way');
  const originHttp = (http1Fin ?? http2Fin)?.originHttp;
  const framing = http1Fin?.framing;
  const appendedBytes = Math.max(0, ...CASES.map((each) => all[each]?.appendedBytes ?? 0));
  return {
    outcomes,
    ...(appendedBytes === 0 ? {} : { appendedBytes }),
    ...(originHttp === undefined ? {} : { originHttp }),
    ...(framing === undefined ? {} : { framing }),
  };
}

/** @returns nothing where the request didn't get to the origin: the way speaks another HTTP */
async function breakOff(
  way: Way,
  how: 'fin' | 'reset',
  { origin, pool, signal }: ProbeContext,
  { lastMs, hangMs }: Times,
) {
  const { key, request } = scripted(way, {
    steps: [
      { do: 'events', count: 2, everyMs: 20, sizeBytes: 0, fill: 'text' },
      { do: 'wait', ms: lastMs },
      { do: 'end', how },
    ],
  });
  const seen = await observe(pool, request, { forMs: lastMs + hangMs, signal, keepBytes: KEPT_BYTES });
  const [visit] = await origin.visits(key);
  if (visit === undefined) return undefined;
  const appendedBytes = appendedTo(seen);
  return {
    outcome: appendedBytes > 0 ? 'clean' : outcomeOf(seen),
    appendedBytes,
    originHttp: visit.request.httpVersion,
    framing: seen.head?.framing,
  };
}

function outcomeOf({ end }: Observation): Outcome {
  if (end === undefined || end.info.reason === 'client') return 'hang';
  return end.info.reason === 'eof' ? 'clean' : 'error';
}

/**
 * What stands behind the origin's events and isn't theirs. Our client calls it an event that broke off; an EventSource drops it and
 * sees an end in order, and other readers take it for a part of the stream.
 */
function appendedTo({ end, body }: Observation): number {
  const text = body?.toString('latin1') ?? '';
  const lastEnd = text.lastIndexOf(EVENT.end);
  if (end?.info.reason !== 'truncated' || lastEnd < 0) return 0;
  const behind = text.slice(lastEnd + EVENT.end.length);
  const isOrigins = EVENT.start.startsWith(behind.slice(0, EVENT.start.length));
  return isOrigins ? 0 : behind.length;
}

function judgeTruncation(direct: Truncation, proxied: Truncation): Judgement {
  const became = (outcome: Outcome) =>
    CASES.filter((each) => proxied.outcomes[each] === outcome && isSeenDirectly(direct, each));
  const masked = became('clean');
  const hanging = became('hang');
  const figures = {
    direct: measured(direct),
    proxied: measured(proxied),
    evidence: evidenceOf(proxied, masked, hanging),
  };
  if (masked.length > 0) {
    const besides = hanging.length === 0 ? '' : `, and none at all in other cases (${namesOf(hanging)})`;
    return {
      ...figures,
      status: 'fail',
      fault: 'truncation.masked',
      summary: `the origin died in the middle of a stream, and the client saw a normal end (${namesOf(masked)})${added(proxied)}${besides}`,
    };
  }
  if (hanging.length > 0) {
    return {
      ...figures,
      status: 'fail',
      fault: 'truncation.hangs',
      summary: `the origin died in the middle of a stream, and the client's connection stayed open (${namesOf(hanging)})`,
    };
  }
  const seen = CASES.filter((each) => proxied.outcomes[each] === 'error');
  return {
    ...figures,
    status: 'pass',
    summary:
      seen.length === 0
        ? 'the client sees as much of an origin that died as it does directly'
        : `the client sees that the origin died (${namesOf(seen)})`,
  };
}

function added({ appendedBytes }: Truncation): string {
  return appendedBytes === undefined
    ? ''
    : `, behind ${appendedBytes} bytes that the proxy wrote into the stream`;
}

/** Where the direct way has no such case, an error is what was to be seen. */
function isSeenDirectly({ outcomes }: Truncation, each: Case): boolean {
  return (outcomes[each] ?? 'error') === 'error';
}

function evidenceOf(
  { originHttp, framing, appendedBytes }: Truncation,
  masked: readonly Case[],
  hanging: readonly Case[],
): Evidence[] {
  return [
    ...masked.map((each) => ({ k: 'masked', v: each })),
    ...hanging.map((each) => ({ k: 'hangs', v: each })),
    ...(appendedBytes === undefined ? [] : [{ k: 'appendedBytes', v: appendedBytes }]),
    ...(originHttp === undefined ? [] : [{ k: 'originHttp', v: originHttp }]),
    ...(framing === undefined ? [] : [{ k: 'framing', v: framing }]),
  ];
}

const NAMES: Record<Case, string> = {
  http1Fin: 'HTTP/1.1 after FIN',
  http1Reset: 'HTTP/1.1 after RST',
  http2Fin: 'HTTP/2 after FIN',
  http2Reset: 'HTTP/2 after RST',
};

function namesOf(cases: readonly Case[]): string {
  return cases.map((each) => NAMES[each]).join(', ');
}

function measured({ outcomes }: Truncation): Measured {
  return outcomes;
}
