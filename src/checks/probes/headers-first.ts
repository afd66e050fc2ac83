import { durationText, tenthsOf } from '../duration.ts';
import { observe } from '../observe.ts';
import { ONE_EVENT } from '../origin/script.ts';
import { visitOf } from '../origins-answer.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../scripted.ts';
import type { ProbeContext, Way } from '../way.ts';

/** When the head came, from when the origin had sent it; `null` where none came. */
interface HeadersFirst {
  headMs: number | null;
  silenceMs: number;
}

const SILENCE_MS = 1_500;
/** The head is to be there by then. */
const SOON_MS = 250;
/** Behind the end of the answer: who has no head by now gets none. */
const GRACE_MS = 5_000;

export const headersFirst: Probe = probe<HeadersFirst>({
  id: 'headers-first',
  title: 'the head of an answer arrives before its first event',
  requirement: `The head of an answer reaches the client within ${SOON_MS} ms, though the body is silent for ${SILENCE_MS / 1_000} s.`,
  seconds: 2,
  load: 'quiet',
  measure: (way, context) => measureHeadersFirst(way, context, SILENCE_MS),
  judge: judgeHeadersFirst,
});

export async function measureHeadersFirst(
  way: Way,
  { pool, origin, signal }: ProbeContext,
  silenceMs: number,
): Promise<HeadersFirst> {
  const { key, request } = scripted(way, {
    steps: [{ do: 'wait', ms: silenceMs }, ONE_EVENT],
  });
  const { head } = await observe(pool, request, {
    forMs: silenceMs + GRACE_MS,
    until: (seen) => seen.head !== undefined,
    signal,
  });
  signal.throwIfAborted();
  const { headAtMs } = await visitOf(origin, key, head);
  const sentAt = headAtMs - origin.clock.aheadMs;
  return { headMs: head === undefined ? null : Math.max(0, head.at - sentAt), silenceMs };
}

export function judgeHeadersFirst(direct: HeadersFirst, proxied: HeadersFirst): Judgement {
  const { silenceMs } = proxied;
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  if (proxied.headMs === null) {
    return {
      ...figures,
      status: 'fail',
      fault: 'buffer.headers',
      summary: `no head came, not even behind the first event ${durationText(silenceMs)} later`,
      evidence: [],
    };
  }
  const lateMs = Math.max(0, proxied.headMs - (direct.headMs ?? 0));
  const evidence = [{ k: 'headLateMs', v: Math.round(lateMs) }];
  if (lateMs < SOON_MS)
    return { ...figures, status: 'pass', summary: `the head came ${durationText(lateMs)} late`, evidence };
  const withTheBody = lateMs >= silenceMs - SOON_MS;
  return {
    ...figures,
    status: withTheBody ? 'fail' : 'warn',
    fault: 'buffer.headers',
    summary: withTheBody
      ? `the head waited for the first event, ${durationText(lateMs)} later: until then a client is still connecting`
      : `the head came ${durationText(lateMs)} late, before the first event`,
    evidence,
  };
}

function measured({ headMs }: HeadersFirst) {
  return { headMs: tenthsOf(headMs) };
}
