import { monotonicMs } from '../../client/clock.ts';
import type { HeaderPair } from '../../client/records.ts';
import type { Measured } from '../../results/check/result.ts';
import { tenthsOf } from '../duration.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { notAsked } from '../observation/origins-answer.ts';
import { ONE_EVENT } from '../origin/script.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { answerIn, hasEvent } from '../raw/answer-heads.ts';
import { openRaw } from '../raw/raw-exchange.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** The same stream, asked for or described in another way. */
interface Variant {
  name: string;
  /** What the figures are called by. */
  figure: string;
  method: 'GET' | 'POST';
  contentType: string;
}

/** When its event came behind the request's arrival at the origin, by variant, in milliseconds; `null`: not while it was open. */
type FirstBytes = Record<string, number | null>;

/** The usual one comes first: by it the others are told from a proxy that holds everything. */
const VARIANTS: readonly Variant[] = [
  { name: 'text/event-stream', figure: 'usual', method: 'GET', contentType: 'text/event-stream' },
  {
    name: 'text/event-stream; charset=utf-8',
    figure: 'charset',
    method: 'GET',
    contentType: 'text/event-stream; charset=utf-8',
  },
  { name: 'the answer to a POST', figure: 'post', method: 'POST', contentType: 'text/event-stream' },
  { name: 'text/plain', figure: 'textPlain', method: 'GET', contentType: 'text/plain' },
];

/** No stream of events: that it is held may be meant. */
const OTHER_TYPE = 'textPlain';

/** So long the stream is open behind its first event. */
const OPEN_MS = 1_500;
/** Later than directly by so much: held. */
const HELD_MS = 500;
const CONNECT_MS = 5_000;

export const typeMethod: Probe = probe<FirstBytes>({
  id: 'type-method',
  title: 'events come at once whatever the content type and the method',
  requirement:
    'An event comes as soon with a charset, as text/plain and in answer to a POST as it does to a GET.',
  seconds: 2,
  load: 'quiet',
  betweenClocksMs: HELD_MS,
  connections: VARIANTS.length,
  measure: (way, context) => measureTypeMethod(way, context, OPEN_MS),
  judge: judgeTypeMethod,
});

export async function measureTypeMethod(
  way: Way,
  context: ProbeContext,
  openMs: number,
): Promise<FirstBytes> {
  const all = VARIANTS.map(
    async (variant) => [variant.figure, await ask(variant, way, context, openMs)] as const,
  );
  return Object.fromEntries(await Promise.all(all));
}

/** By hand, since a client of events reads none of another type. */
async function ask(
  { method, contentType }: Variant,
  way: Way,
  { origin, signal }: ProbeContext,
  openMs: number,
): Promise<number | null> {
  const { key, request } = scripted(way, {
    headers: [['Content-Type', contentType]],
    steps: [ONE_EVENT, { do: 'wait', ms: openMs + CONNECT_MS }],
  });
  const exchange = await openRaw(request, signal);
  try {
    const body: readonly HeaderPair[] = method === 'POST' ? [['Content-Length', '2']] : [];
    exchange.sendHead({ method, headers: body });
    if (method === 'POST') exchange.write('{}');
    const comes = (forMs: number) => exchange.until(() => hasEvent(exchange.reads), forMs, signal);
    await comes(openMs);
    let at = monotonicMs();
    signal.throwIfAborted();
    const { head } = answerIn(exchange.reads);
    // Where it waits for its turn, nobody holds its answer: what it waited for that isn't counted.
    const [visit] = await origin.visits(key);
    if (visit === undefined) {
      throw new NotMeasurable(
        head === undefined
          ? `a ${method} did not reach the origin while three others were open`
          : notAsked(head.status),
      );
    }
    if (head !== undefined && head.status !== 200) {
      throw new NotMeasurable(`a ${method} for ${contentType} was answered with HTTP ${head.status}`);
    }
    const askedAt = visit.atMs - origin.clock.aheadMs;
    if (!hasEvent(exchange.reads)) {
      await comes(askedAt + openMs - monotonicMs());
      at = monotonicMs();
      signal.throwIfAborted();
    }
    return hasEvent(exchange.reads) ? Math.max(0, at - askedAt) : null;
  } finally {
    exchange.close();
  }
}

function judgeTypeMethod(direct: FirstBytes, proxied: FirstBytes): Judgement {
  const isHeld = ({ figure }: Variant) => {
    const ms = proxied[figure] ?? Number.POSITIVE_INFINITY;
    return direct[figure] !== null && ms - (direct[figure] ?? 0) > HELD_MS;
  };
  const held = VARIANTS.filter(isHeld);
  const passed = VARIANTS.filter((variant) => !isHeld(variant));
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  if (held.length === 0 || passed.length === 0) {
    return {
      ...figures,
      status: 'pass',
      summary:
        held.length === 0
          ? 'an event comes as soon with a charset, as text/plain and in answer to a POST'
          : 'events are held whatever type and method: it is neither that they are held for',
      evidence: [{ k: 'heldWhatever', v: held.length > 0 }],
    };
  }
  return {
    ...figures,
    status: held.every(({ figure }) => figure === OTHER_TYPE) ? 'warn' : 'fail',
    fault: 'special-case.type-or-method',
    summary: `held: ${listed(held)}; at once: ${listed(passed)}`,
    evidence: [
      ...held.map(({ figure }) => ({ k: 'heldVariant', v: figure })),
      ...passed.map(({ figure }) => ({ k: 'passedVariant', v: figure })),
    ],
  };
}

function listed(variants: readonly Variant[]): string {
  return variants.map(({ name }) => name).join(', ');
}

function measured(firstBytes: FirstBytes): Measured {
  return Object.fromEntries(Object.entries(firstBytes).map(([figure, ms]) => [`${figure}Ms`, tenthsOf(ms)]));
}
