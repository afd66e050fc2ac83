import type { Evidence, Measured } from '../../results/check/result.ts';
import { overHttp1, overHttp2 } from '../http-versions.ts';
import { NotMeasurable } from '../not-measurable.ts';
import type { Observation } from '../observation.ts';
import { observe } from '../observe.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../scripted.ts';
import type { ProbeContext, Way } from '../way.ts';

/** What a client saw of an origin that died: that something is wrong, a whole answer, or nothing at all. */
type Outcome = 'error' | 'clean' | 'hang';

/** How the client speaks to the proxy, and how the origin's connection ended. */
const CASES = ['http1Fin', 'http1Reset', 'http2Fin', 'http2Reset'] as const;
type Case = (typeof CASES)[number];

interface Truncation {
  /** Without those that can't be had along this way. */
  outcomes: Partial<Record<Case, Outcome>>;
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
  seconds: 9,
  load: 'quiet',
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
  return {
    outcomes,
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
  const seen = await observe(pool, request, { forMs: lastMs + hangMs, signal });
  const [visit] = await origin.visits(key);
  if (visit === undefined) return undefined;
  return { outcome: outcomeOf(seen), originHttp: visit.request.httpVersion, framing: seen.head?.framing };
}

function outcomeOf({ end }: Observation): Outcome {
  if (end === undefined || end.info.reason === 'client') return 'hang';
  return end.info.reason === 'eof' ? 'clean' : 'error';
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
      summary: `the origin died in the middle of a stream, and the client saw a normal end (${namesOf(masked)})${besides}`,
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

/** Where the direct way has no such case, an error is what was to be seen. */
function isSeenDirectly({ outcomes }: Truncation, each: Case): boolean {
  return (outcomes[each] ?? 'error') === 'error';
}

function evidenceOf(
  { originHttp, framing }: Truncation,
  masked: readonly Case[],
  hanging: readonly Case[],
): Evidence[] {
  return [
    ...masked.map((each) => ({ k: 'masked', v: each })),
    ...hanging.map((each) => ({ k: 'hangs', v: each })),
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
