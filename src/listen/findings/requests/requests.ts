import { createPool } from '../../../client/pool.ts';
import type { StreamRequest } from '../../../client/request.ts';
import { onFirstSignal } from '../../signals.ts';
import type { FindingKind } from '../finding.ts';
import { ACCEPT_KINDS, askForOtherTypes } from './accept.ts';
import { ACCESS_KINDS, askWithoutCredentials } from './access.ts';
import type { Asking } from './asking.ts';
import { askOnce } from './extra-request.ts';
import { askToResume, RESUME_KINDS } from './resume.ts';
import type { SeenIds } from './seen-ids.ts';

const requestsSkipped: FindingKind = {
  flag: 'lint-requests',
  where: 'the request',
  severity: 'note',
  code: 'requests-skipped',
  title: 'No extra requests were made',
  why: 'Only a GET is safe to send again (RFC 9110 §9.2.1): anything else may do something on the server each time.',
  mend: 'Nothing. What these requests look for has to be tried by hand.',
  once: true,
};

export const REQUEST_KINDS: readonly FindingKind[] = [
  ...RESUME_KINDS,
  ...ACCESS_KINDS,
  ...ACCEPT_KINDS,
  requestsSkipped,
];

/** The server has enough of us, or of everybody: nothing that it answers then says what it does otherwise. */
const TOO_BUSY: readonly (number | undefined)[] = [429, 503];

/** What the run has to say for the requests that follow it. */
export interface RunSoFar {
  /** As the run has sent it. */
  request: StreamRequest;
  seen: SeenIds;
  /** Milliseconds, on the clock of the run. */
  clock: () => number;
  report: Asking['report'];
}

/**
 * `--lint-requests`: five requests at most, one after the other, each on a connection of its own and five seconds long
 * at most. The first Ctrl-C ends them.
 */
export async function lintRequests({ request, seen, clock, report }: RunSoFar): Promise<void> {
  if (request.method !== 'GET') {
    report(requestsSkipped, `the request is a ${request.method}`);
    return;
  }
  const pool = createPool();
  let stopped = false;
  const unwatch = onFirstSignal(() => {
    stopped = true;
    pool.close();
  });
  const ask: Asking['ask'] = async (extra) => {
    if (stopped) return undefined;
    const answer = await askOnce(pool, extra, clock);
    stopped ||= TOO_BUSY.includes(answer.status);
    return stopped ? undefined : answer;
  };
  const asking: Asking = { request, seen, ask, report };
  try {
    await askToResume(asking);
    await askWithoutCredentials(asking);
    await askForOtherTypes(asking);
  } finally {
    unwatch();
    pool.close();
  }
}
