import type { FindingKind } from '../finding.ts';
import { quotation } from '../quotation.ts';
import type { Asking } from './asking.ts';
import { EXTRA_REQUEST_MS, type ExtraAnswer } from './extra-request.ts';

const kind = { flag: 'lint-requests', where: 'a request with Last-Event-ID', severity: 'warning' } as const;

const resumeRepeats: FindingKind = {
  ...kind,
  code: 'resume-repeats',
  title: 'A resumed stream begins with what was received',
  why: 'Last-Event-ID names the last event that the client has (HTML §9.2.4): each reconnect brings the others again.',
  mend: 'Read Last-Event-ID, and begin with the event after it.',
};

const resumeLoses: FindingKind = {
  ...kind,
  code: 'resume-loses',
  title: 'A resumed stream leaves events out',
  why: 'What was sent while a client was away is lost to it, although it said with Last-Event-ID where it was (HTML §9.2.4).',
  mend: 'Keep the last events, as many as are sent in the longest outage, and begin with the one after Last-Event-ID.',
};

const resumeRefused: FindingKind = {
  ...kind,
  code: 'resume-refused',
  title: 'A request to resume is refused',
  why: 'Any status but 200 makes an EventSource give up for good (HTML §9.2.3): after its first reconnect it is gone.',
  mend: 'Take every Last-Event-ID that the server itself has sent.',
};

const unknownIdRefused: FindingKind = {
  ...kind,
  code: 'unknown-id-refused',
  title: 'A request with an id that is not known is refused',
  why: 'Ids grow old while a client is away. Any status but 200 makes an EventSource give up for good (HTML §9.2.3).',
  mend: 'Begin with the oldest event that there is, or tell the client by an event to load everything anew.',
};

export const RESUME_KINDS = [resumeRepeats, resumeLoses, resumeRefused, unknownIdRefused];

const UNKNOWN_ID = 'ssekit-unknown-id';

/** Asks to go on one event before the last: what must come first is known. */
export async function askToResume(asking: Asking): Promise<void> {
  const { seen, request } = asking;
  const { ids } = seen;
  const from = ids.at(-2) ?? ids.at(-1);
  if (from === undefined) return;
  const followed = ids.length > 1 ? ids.at(-1) : undefined;
  const answer = await asking.ask({ request, lastEventId: from, readsId: true });
  if (answer !== undefined) judge(asking, { from, followed, answer });
  const unknown = await asking.ask({ request, lastEventId: UNKNOWN_ID });
  if (unknown?.status === undefined || unknown.accepted || unknown.status === 204) return;
  asking.report(unknownIdRefused, `HTTP ${unknown.status} to Last-Event-ID: ${UNKNOWN_ID}`);
}

interface Resumed {
  from: string;
  /** The event that must come first; `undefined` where none had followed. */
  followed: string | undefined;
  answer: ExtraAnswer;
}

function judge({ seen, report }: Asking, { from, followed, answer }: Resumed): void {
  const { status, accepted, ids } = answer;
  if (status === undefined) return;
  const asked = `Last-Event-ID: ${quotation(from)}`;
  if (!accepted && status !== 204) return report(resumeRefused, `HTTP ${status} to ${asked}`);
  const [first] = ids;
  if (first !== undefined && first !== followed && seen.has(first))
    return report(resumeRepeats, `${asked} began with ${quotation(first)} again`);
  // With one id only, nobody knows what should have followed it.
  if (followed === undefined || first === followed) return;
  const came =
    status === 204
      ? 'was answered with 204'
      : first === undefined
        ? `brought no event with an id in ${EXTRA_REQUEST_MS / 1000} s`
        : `began with ${quotation(first)}`;
  report(resumeLoses, `${asked} ${came}; ${quotation(followed)} had followed it`);
}
