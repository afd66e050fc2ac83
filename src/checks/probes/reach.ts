import { headerValue } from '../../client/headers.ts';
import type { Measured } from '../../results/check/result.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { fateOf, fatesText, usualFate } from '../observation/fate.ts';
import type { Observation } from '../observation/observation.ts';
import { observe } from '../observation/observe.ts';
import { wasAsked } from '../observation/origins-answer.ts';
import { ONE_EVENT, UID_HEADER } from '../origin/script.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** How many of some requests, one after the other, the origin was asked for. */
interface Reach {
  requests: number;
  reached: number;
  /** What became of the others, and how often. */
  others: Readonly<Record<string, number>>;
}

/** More than most limits on the rate of one client let through at once. */
const REQUESTS = 25;
const WATCH_MS = 3_000;
/** Who answers nothing is asked no more: each takes its time. */
const MOST_SILENT = 2;

/** By these a proxy says that it has had enough, and will take more later. */
const TOO_MUCH = new Set(['status 429', 'status 503']);

export const reach: Probe = probe<Reach>({
  id: 'reach',
  title: 'every request reaches the origin',
  requirement: `Of ${REQUESTS} requests, one after the other, the proxy asks the origin for each, and answers none by itself.`,
  seconds: 1,
  load: 'quiet',
  measure: measureReach,
  judge: judgeReach,
});

async function measureReach(way: Way, { pool, origin, signal }: ProbeContext): Promise<Reach> {
  const others: Record<string, number> = {};
  let requests = 0;
  let reached = 0;
  while (requests < REQUESTS && (others.waits ?? 0) < MOST_SILENT) {
    const { key, request } = scripted(way, { steps: [ONE_EVENT] });
    const seen = await observe(
      pool,
      { ...request, maxRedirects: 0 },
      { forMs: WATCH_MS, until: ({ events }) => events.length > 0, signal },
    );
    signal.throwIfAborted();
    requests += 1;
    if (await wasAsked(origin, key)) reached += 1;
    else {
      const fate = fateOfOther(seen);
      others[fate] = (others[fate] ?? 0) + 1;
    }
  }
  return { requests, reached, others };
}

/** By its uid an answer is one that the origin gave to somebody else. */
function fateOfOther(seen: Observation): string {
  const { head } = seen;
  if (head === undefined) return fateOf(seen);
  return headerValue(head.headers, UID_HEADER.toLowerCase()) === undefined ? `status ${head.status}` : 'copy';
}

function judgeReach(direct: Reach, proxied: Reach): Judgement {
  if (direct.reached < direct.requests)
    throw new NotMeasurable('not every request reaches the origin directly, either');
  const { requests, reached, others } = proxied;
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const [fate, times] = usualFate(others) ?? [];
  if (fate === undefined || times === undefined) {
    return {
      ...figures,
      status: 'pass',
      summary: `the origin was asked for ${requests} of ${requests}`,
      evidence: [],
    };
  }
  const lost = requests - reached;
  const isLimit = Object.keys(others).every((each) => TOO_MUCH.has(each));
  return {
    ...figures,
    // A limit on how often one client asks may be meant; a client that comes back does not ask so often.
    status: isLimit ? 'warn' : 'fail',
    fault: 'origin.not-asked',
    summary: `${lost} of ${requests} requests, one after the other, did not reach the origin (${fatesText(others)}): the proxy answered itself, or asked somebody else`,
    evidence: [{ k: 'notAskedFate', v: fate, n: times, of: lost }],
  };
}

function measured({ requests, reached }: Reach): Measured {
  return { requests, reachedOrigin: reached };
}
