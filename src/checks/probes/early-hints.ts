import { NotMeasurable } from '../not-measurable.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { answerIn } from '../raw/answer-heads.ts';
import { openRaw } from '../raw/raw-exchange.ts';
import { scripted } from '../scripted.ts';
import type { ProbeContext, Way } from '../way.ts';

/** What came of an answer that 103 went ahead of. */
interface Hinted {
  /** The client got the 103. */
  hinted: boolean;
  /** Of the answer itself; `null`: none came. */
  status: number | null;
  /** Its event came. */
  event: boolean;
  /** The connection ended before. */
  ended: boolean;
}

/** The whole answer is sent at once: who holds it back until its end has given it by then. */
const WATCH_MS = 5_000;

export const earlyHints: Probe = probe<Hinted>({
  id: '1xx',
  title: 'an answer arrives that 103 Early Hints went ahead of',
  requirement: 'The 103 is passed on or left out, and the answer behind it arrives.',
  seconds: 1,
  load: 'quiet',
  measure: (way, context) => measureEarlyHints(way, context, WATCH_MS),
  judge: judgeEarlyHints,
});

/** By hand, since the client tells nothing of what comes before an answer. */
export async function measureEarlyHints(
  way: Way,
  { origin, signal }: ProbeContext,
  watchMs: number,
): Promise<Hinted> {
  const { key, request } = scripted(way, {
    earlyHints: true,
    steps: [{ do: 'events', count: 1, everyMs: 0, sizeBytes: 0, fill: 'text' }],
  });
  const exchange = await openRaw(request, signal);
  try {
    exchange.sendHead();
    const hasCome = () => answerIn(exchange.reads).body.includes('data:');
    const event = await exchange.until(hasCome, watchMs, signal);
    signal.throwIfAborted();
    const { interim, head } = answerIn(exchange.reads);
    if (head === undefined && (await origin.visits(key)).length === 0) {
      throw new NotMeasurable('the request never reached the origin');
    }
    return {
      hinted: interim.some(({ status }) => status === 103),
      status: head?.status ?? null,
      event,
      ended: exchange.end !== undefined,
    };
  } finally {
    exchange.close();
  }
}

function judgeEarlyHints(direct: Hinted, proxied: Hinted): Judgement {
  const figures = { direct: { ...direct }, proxied: { ...proxied } };
  const evidence = [{ k: 'hintPassed', v: proxied.hinted }];
  if (proxied.event || !direct.event) {
    return {
      ...figures,
      status: 'pass',
      summary: `103 Early Hints ${proxied.hinted ? 'passed' : 'left out'}, and the answer arrived`,
      evidence,
    };
  }
  return {
    ...figures,
    status: 'fail',
    fault: 'early-hints.broken',
    summary: `behind 103 Early Hints ${outcomeOf(proxied)}`,
    evidence: [...evidence, { k: 'answer', v: proxied.status ?? 'none' }],
  };
}

function outcomeOf({ status, ended }: Hinted): string {
  if (status !== null && status !== 200) return `came HTTP ${status} instead of the answer`;
  if (status === null) return ended ? 'the connection ended without an answer' : 'no answer came';
  return ended ? 'the answer ended before its event' : 'no event of the answer came';
}
