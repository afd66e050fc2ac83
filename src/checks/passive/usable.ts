import type { SseKitError } from '../../client/errors.ts';
import { headerValue } from '../../client/headers.ts';
import { hostAndPort } from '../../client/host.ts';
import { mimeEssence } from '../../client/mime-type.ts';
import type { StreamRequest } from '../../client/request.ts';
import { quoted } from '../../notation/invalid-value.ts';
import type { ProxyGuess } from '../../results/check/result.ts';
import { cannotRun } from '../cannot-run.ts';
import { durationText } from '../duration.ts';
import type { Observation, ObservedHead } from '../observation/observation.ts';
import { answerText } from '../reach/answer-text.ts';
import { inTheWay, wantsCredentials } from '../reach/in-the-way.ts';
import { placeAsked, placeConnected } from '../reach/place-asked.ts';
import { besideCommand, type Directly, noUpstream } from './no-upstream.ts';
import type { PassiveSeen } from './passive-probe.ts';
import { endedByItself, endMs, sinceSent } from './stream-seen.ts';

const NO_STREAM = new Set(['wrong_type', 'no_content', 'status']);

/** It was answered with an event stream. */
export function isStream({ head, end }: Observation): boolean {
  return head !== undefined && saysStream(head) && !NO_STREAM.has(end?.info.reason ?? '');
}

export function saysStream({ status, headers }: ObservedHead): boolean {
  return status === 200 && mimeEssence(headerValue(headers, 'content-type') ?? '') === 'text/event-stream';
}

/** It was answered with something else, or ended by somebody else than us before any answer. */
export function isRefused(seen: Observation): boolean {
  return seen.head === undefined ? endedByItself(seen) : !isStream(seen);
}

/**
 * Makes sure that there was something to look at.
 *
 * @param named who answers other requests at the place that doesn't answer this one
 * @throws SseKitError exit 14 where one of the ways is answered with no stream: what was seen, and what to change
 */
export function checkUsable(
  { proxied, direct }: PassiveSeen,
  asked: { proxied: StreamRequest; direct?: StreamRequest },
  named?: ProxyGuess,
): void {
  if (isRefused(proxied.plain)) {
    const known: Around =
      direct === undefined || asked.direct === undefined
        ? {}
        : {
            beside: besides(direct.plain),
            directly: { url: asked.direct.url, ...directlyOf(direct.plain) },
          };
    throw unusable(proxied.plain, asked.proxied, known);
  }
  if (direct !== undefined && asked.direct !== undefined && !isStream(direct.plain))
    throw unusable(direct.plain, asked.direct, {
      of: '--direct: ',
      ...(isStream(proxied.plain) && { streamAt: asked.proxied.url }),
    });
  // What is answered directly and not through the proxy in all that time is held: that is for the probes to say.
  if (direct === undefined && !isStream(proxied.plain))
    throw unusable(proxied.plain, asked.proxied, { ...(named !== undefined && { named }) });
}

/** What is known of the direct way where the other one is refused: whose doing it may be. */
function besides(direct: Observation): string {
  if (isStream(direct)) return '; directly there is a stream';
  if (!isRefused(direct)) return '';
  return direct.head === undefined
    ? '; directly there is no answer, either'
    : `; directly it is HTTP ${direct.head.status}`;
}

function directlyOf(direct: Observation): Omit<Directly, 'url'> {
  const { head } = direct;
  if (isStream(direct)) return { says: 'a stream', ...(head && { headMs: sinceSent(direct, head.at) }) };
  if (!isRefused(direct)) return { says: 'silent' };
  return { says: head === undefined ? 'not there' : 'something else' };
}

/** What stands around what is said of a way: whose it is, and what is known of the other one. */
interface Around {
  of?: string;
  beside?: string;
  directly?: Directly;
  /** Where the other way has a stream: the URL that was given for the proxy. */
  streamAt?: URL;
  named?: ProxyGuess;
}

function unusable(seen: Observation, request: StreamRequest, around: Around): SseKitError {
  const { of = '', beside = '', directly } = around;
  const { head, end } = seen;
  const cause = end?.info.error;
  if (head === undefined) return unanswered(seen, request, around);
  const answered = `${of}${placeAsked(request)} answers ${answerText(seen)}`;
  // Of a stream of somebody else's, who may not see it is told so in this way, too.
  const obstacle =
    inTheWay(head, request.headers) ?? (head.status === 403 ? wantsCredentials(request.headers) : undefined);
  if (obstacle !== undefined) {
    const code = obstacle.kind === 'redirect' ? 'REDIRECT' : 'CREDENTIALS';
    return cannotRun(code, `${answered}: ${obstacle.what}${beside}`, { hint: `${obstacle.hint}.` });
  }
  if (head.status === 200) {
    const type = headerValue(head.headers, 'content-type');
    return cannotRun(
      'NO_STREAM',
      `${answered}: no event stream, but ${type === undefined ? 'without Content-Type' : `Content-Type ${quoted(type)}`}${beside}`,
      { hint: 'Give the URL of a stream, which is sent as text/event-stream.' },
    );
  }
  const missing = of === '' ? noUpstream(seen, request, directly) : undefined;
  if (missing !== undefined)
    return cannotRun('NO_UPSTREAM', `${answered}${missing.what}${beside}`, { hint: missing.hint, cause });
  return cannotRun('NO_STREAM', `${answered}: there is no stream to look at${beside}`, {
    hint: cause?.hint ?? 'Give the URL of a stream, with the headers that it needs (-H, -b, --bearer).',
  });
}

function unanswered(
  seen: Observation,
  request: StreamRequest,
  { of = '', beside = '', streamAt, named }: Around,
): SseKitError {
  const { info } = seen.end ?? {};
  const cause = info?.error;
  if (cause !== undefined) {
    const what =
      info?.reason === 'connect_error'
        ? `nobody is to be reached at ${placeConnected(request)}`
        : `no answer comes from ${placeAsked(request)}`;
    return cannotRun('UNREACHABLE', `${of}${what}: ${cause.message}${beside}`, {
      hint: cause.hint ?? 'Is it running, and is the URL right?',
      cause,
    });
  }
  return cannotRun(
    'SILENT',
    `${of}${placeAsked(request)} takes the request, and nothing came in ${durationText(endMs(seen))}, no headers either: ${WHY_NOTHING}${streamAt === undefined ? '' : `; ${hostAndPort(streamAt)} sends a stream`}${namedText(named)}`,
    { hint: of === '' ? hintBeside(request.url) : hintPast(request.url, streamAt) },
  );
}

const WHY_NOTHING =
  'either the application is silent, or a proxy holds everything back (nginx does so unless proxy_buffering is off)';

function namedText(named: ProxyGuess | undefined): string {
  if (named === undefined) return '';
  const { name, version } = named;
  const who = version === undefined ? name : `${name} ${version}`;
  return `; other requests there are answered by ${who} (its headers say so)`;
}

function hintBeside(url: URL): string {
  return `This tells which, with HOST:PORT of your application: ${besideCommand(url)}`;
}

/** Of two ways, the one that sends a stream at once may be the one without a proxy. */
function hintPast(direct: URL, streamAt: URL | undefined): string {
  const question = 'Is it the URL of the stream, past every proxy?';
  return streamAt === undefined
    ? question
    : `${question} The two may be swapped: ${besideCommand(direct, streamAt)}`;
}
