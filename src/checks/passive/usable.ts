import type { SseKitError } from '../../client/errors.ts';
import { headerValue } from '../../client/headers.ts';
import { quoted } from '../../notation/invalid-value.ts';
import { answerText } from '../answer-text.ts';
import { cannotRun } from '../cannot-run.ts';
import { durationText } from '../duration.ts';
import { inTheWay, WANTS_CREDENTIALS } from '../in-the-way.ts';
import type { Observation } from '../observation.ts';
import type { PassiveSeen } from './passive-probe.ts';
import { endMs } from './stream-seen.ts';

const NO_STREAM = new Set(['wrong_type', 'no_content', 'status']);

/** It was answered with an event stream. */
export function isStream({ head, end }: Observation): boolean {
  return head !== undefined && head.status === 200 && !NO_STREAM.has(end?.info.reason ?? '');
}

/**
 * Makes sure that there was something to look at.
 *
 * @throws SseKitError exit 14 where one of the ways is answered with no stream: what was seen, and what to change
 */
export function checkUsable(
  { proxied, direct }: PassiveSeen,
  hosts: { proxied: string; direct?: string },
): void {
  if (direct !== undefined && !isStream(direct.plain))
    throw unusable(direct.plain, hosts.direct ?? '', '--direct: ');
  // What is answered directly and not through the proxy in all that time is held: that is for the probes to say.
  const held = direct !== undefined && proxied.plain.head === undefined && wasPatient(proxied.plain);
  if (!held && !isStream(proxied.plain)) throw unusable(proxied.plain, hosts.proxied, '');
}

function wasPatient({ end }: Observation): boolean {
  return end?.info.reason === 'client' && end.info.by === 'for' && end.info.marks.sent !== undefined;
}

function unusable(seen: Observation, host: string, of: string): SseKitError {
  const { head, end } = seen;
  const cause = end?.info.error;
  if (head === undefined) return unanswered(seen, host, of);
  const answered = `${of}${host} answers ${answerText(seen)}`;
  // Of a stream of somebody else's, who may not see it is told so in this way, too.
  const obstacle = inTheWay(head) ?? (head.status === 403 ? WANTS_CREDENTIALS : undefined);
  if (obstacle !== undefined) {
    const code = obstacle.kind === 'redirect' ? 'REDIRECT' : 'CREDENTIALS';
    return cannotRun(code, `${answered}: ${obstacle.what}`, { hint: `${obstacle.hint}.` });
  }
  if (head.status === 200) {
    const type = headerValue(head.headers, 'content-type');
    return cannotRun(
      'NO_STREAM',
      `${answered}: no event stream, but ${type === undefined ? 'without Content-Type' : `Content-Type ${quoted(type)}`}`,
      { hint: 'Give the URL of a stream, which is sent as text/event-stream.' },
    );
  }
  return cannotRun('NO_STREAM', `${answered}: there is no stream to look at`, {
    hint: cause?.hint ?? 'Give the URL of a stream, with the headers that it needs (-H, -b, --bearer).',
  });
}

function unanswered(seen: Observation, host: string, of: string): SseKitError {
  const { info } = seen.end ?? {};
  const cause = info?.error;
  if (cause !== undefined) {
    const what = info?.reason === 'connect_error' ? 'nobody is to be reached at' : 'no answer comes from';
    return cannotRun('UNREACHABLE', `${of}${what} ${host}: ${cause.message}`, {
      hint: cause.hint ?? 'Is it running, and is the URL right?',
      cause,
    });
  }
  return cannotRun(
    'SILENT',
    `${of}${host} takes the request, and no head of an answer came in ${durationText(endMs(seen))}`,
    {
      hint: 'Either the origin does not answer, or the head is held back until the first event: --direct URL tells which.',
    },
  );
}
