import { RETRY_LINE, stream } from '../acts.ts';
import type { ConformanceCase } from '../case.ts';
import { noRequest } from '../ids.ts';
import type { Observed } from '../observed.ts';
import { fail, inSeconds, notMeasured, pass, type Verdict } from '../verdict.ts';

export const redirect301 = redirectCase(301);
export const redirect307 = redirectCase(307);

/** The query that a redirected request has, so that it is known again. */
export function movedQuery(status: number): string {
  return `moved=${status}`;
}

function redirectCase(status: number): ConformanceCase {
  const id = `redirect-${status}`;
  return {
    id,
    act: (n) => {
      if (n === 1) return { kind: 'redirect', status };
      return n === 2 ? stream(`${RETRY_LINE}id: ${id}\ndata: one\n\n`) : undefined;
    },
    requirements: [
      {
        id,
        text: `follows a ${status}`,
        level: 'must',
        section: 'server-sent-events-intro',
        judge: (observed) => judgeFollowed(observed, status),
      },
    ],
  };
}

function judgeFollowed(observed: Observed, status: number): Verdict | undefined {
  const { requests, over, patienceMs } = observed;
  const next = requests[1];
  if (next === undefined) {
    if (!over) return undefined;
    return requests.length === 0
      ? notMeasured(noRequest(observed, 1))
      : fail(`no request in ${inSeconds(patienceMs)} after the ${status}`);
  }
  const followed = next.target.includes(movedQuery(status));
  return followed
    ? pass(`asked ${next.target}`)
    : fail(`asked ${next.target} again, not the place in Location`);
}
