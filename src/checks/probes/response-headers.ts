import { headerValue } from '../../client/headers.ts';
import { mimeEssence } from '../../client/mime-type.ts';
import type { HeaderPair } from '../../client/records.ts';
import type { Measured } from '../../results/check/result.ts';
import { type AnswerFate, answerFate, lostText, NOT_SHARED } from '../observation/needed-headers.ts';
import { observe } from '../observation/observe.ts';
import { visitOf } from '../observation/origins-answer.ts';
import { ONE_EVENT } from '../origin/script.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** What the head of a stream said when it came; `null`: nothing. */
interface Said {
  contentType: string | null;
  cacheControl: string | null;
  /** By name. */
  needed: Readonly<Record<string, AnswerFate>>;
}

/** What a page needs besides: its session, and leave to read a stream of another origin. */
const NEEDED: readonly HeaderPair[] = [
  ['Set-Cookie', 'ssekit_check=proxy; Path=/ssekit-check'],
  ['Access-Control-Allow-Origin', '*'],
];

const STREAM = 'text/event-stream';
const WATCH_MS = 5_000;

export const responseHeaders: Probe = probe<Said>({
  id: 'response-headers',
  title: 'the head of the answer says that this is a stream',
  requirement: `Content-Type arrives as ${STREAM}, Cache-Control keeps caches from storing the stream, Set-Cookie arrives, and Access-Control-Allow-Origin once, as the origin said.`,
  seconds: 1,
  load: 'quiet',
  measure: measureHead,
  judge: judgeHead,
});

async function measureHead(way: Way, { pool, origin, signal }: ProbeContext): Promise<Said> {
  const { key, request } = scripted(way, { headers: NEEDED, steps: [ONE_EVENT] });
  const { head } = await observe(pool, request, { forMs: WATCH_MS, signal });
  signal.throwIfAborted();
  await visitOf(origin, key, head);
  const headers = head?.headers ?? [];
  return {
    contentType: headerValue(headers, 'content-type') ?? null,
    cacheControl: headerValue(headers, 'cache-control') ?? null,
    needed: Object.fromEntries(NEEDED.map((sent) => [sent[0], answerFate(sent, headers)])),
  };
}

function judgeHead(direct: Said, proxied: Said): Judgement {
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const isStream = ({ contentType }: Said) => mimeEssence(contentType ?? '') === STREAM;
  if (isStream(direct) && !isStream(proxied)) {
    return {
      ...figures,
      status: 'fail',
      fault: 'headers.type-changed',
      summary: `${became('Content-Type', direct.contentType, proxied.contentType)}: an EventSource takes no other type, and does not try again`,
      evidence: [{ k: 'contentType', v: proxied.contentType ?? 'none' }],
    };
  }
  const isKept = ({ cacheControl }: Said) => NOT_SHARED.test(cacheControl ?? '');
  if (isKept(direct) && !isKept(proxied)) {
    return {
      ...figures,
      status: 'warn',
      fault: 'headers.not-of-a-stream',
      summary: `${became('Cache-Control', direct.cacheControl, proxied.cacheControl)}: a cache in front may store the stream and hand it to others`,
      evidence: [{ k: 'cacheControlChanged', v: true }],
    };
  }
  const lost = Object.entries(proxied.needed).filter(
    ([name, fate]) => fate !== 'arrived' && direct.needed[name] === 'arrived',
  );
  if (lost.length > 0 && lost.every(([, fate]) => fate === 'twice')) {
    return {
      ...figures,
      status: 'warn',
      fault: 'headers.cors-twice',
      summary: `${lostText(Object.fromEntries(lost))}: as the origin sent it, and as the proxy adds it`,
      onlyIf: `only if the application sends ${lost.map(([name]) => name).join(', ')} itself, as the origin of this run does: browsers then let no page of another origin read the stream`,
      evidence: lost.map(([name]) => ({ k: 'answerHeaderTwice', v: name })),
    };
  }
  if (lost.length > 0) {
    return {
      ...figures,
      status: 'warn',
      fault: 'headers.lost',
      summary: lostText(Object.fromEntries(lost)),
      evidence: lost.map(([name]) => ({ k: 'answerHeaderLost', v: name })),
    };
  }
  return {
    ...figures,
    status: 'pass',
    summary: 'the head is that of a stream, as the origin sent it',
    evidence: [],
  };
}

function measured({ needed, ...said }: Said): Measured {
  const named = Object.entries(needed).map(([name, fate]) => [camelCase(name), fate]);
  return { ...said, ...Object.fromEntries(named) };
}

/** As the JSON names its figures. */
function camelCase(header: string): string {
  return header.toLowerCase().replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
}

function became(name: string, sent: string | null, came: string | null): string {
  return came === null ? `${name} "${sent}" is gone` : `${name} "${sent}" became "${came}"`;
}
