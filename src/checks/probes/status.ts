import type { HeaderPair } from '../../client/records.ts';
import type { Evidence, Measured } from '../../results/check/result.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { type AnswerFate, answerFate, lostText } from '../observation/needed-headers.ts';
import { observe } from '../observation/observe.ts';
import { notAsked, wasAsked } from '../observation/origins-answer.ts';
import type { OriginStep } from '../origin/script.ts';
import type { Origin } from '../origin/visit.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** An answer that is no stream. */
interface Answer {
  /** `null`: none came. */
  status: number | null;
  body: string;
  /** The origin was asked for it: else it is the proxy's own. */
  asked: boolean;
  /** The origin was asked for where it led to: the client's business, which the proxy saw to. */
  isFollowed?: true;
  /** Of the header that belongs to it; nothing where none does, or another status came. */
  header?: AnswerFate;
}

/** By the status that the origin sends. */
type Answers = Record<string, Answer>;

const ELSEWHERE = '/ssekit-elsewhere';

/** Those that mean something to a client of streams, with the header that each needs. */
const SENT: readonly [status: number, header?: HeaderPair][] = [
  // Ends an EventSource for good.
  [204],
  [301, ['Location', ELSEWHERE]],
  [401, ['WWW-Authenticate', 'Bearer realm="ssekit"']],
  [404],
  [429, ['Retry-After', '7']],
  [500],
  [503, ['Retry-After', '7']],
];

const WATCH_MS = 5_000;

export const status: Probe = probe<Answers>({
  id: 'status',
  title: 'statuses other than 200 reach the client',
  requirement:
    'Status and body of 204, 301, 401, 404, 429, 500 and 503 are what the origin sent, and so are their Location, WWW-Authenticate and Retry-After.',
  seconds: 1,
  load: 'quiet',
  originFails: 'in an answer',
  measure: measureStatus,
  judge: judgeStatus,
});

async function measureStatus(way: Way, context: ProbeContext): Promise<Answers> {
  const answers: Answers = {};
  for (const [sent, header] of SENT) answers[sent] = await ask(sent, header, way, context);
  context.signal.throwIfAborted();
  const all = Object.values(answers);
  if (all.some(({ asked }) => asked)) return answers;
  throw new NotMeasurable(notAsked(all.find(({ status }) => status !== null)?.status));
}

async function ask(
  sent: number,
  header: HeaderPair | undefined,
  way: Way,
  { pool, origin, signal }: ProbeContext,
): Promise<Answer> {
  const steps: OriginStep[] = [{ do: 'bytes', base64: Buffer.from(bodyOf(sent)).toString('base64') }];
  const { key, request } = scripted(way, {
    status: sent,
    headers: [['Content-Type', 'text/plain'], ...(header === undefined ? [] : [header])],
    // Such an answer has no body.
    steps: sent === 204 ? [] : steps,
  });
  const { head, end } = await observe(pool, { ...request, maxRedirects: 0 }, { forMs: WATCH_MS, signal });
  const asked = await wasAsked(origin, key);
  // The client that asks follows none.
  const isFollowed = asked && sent === 301 && head?.status !== sent && (await wasFollowed(origin));
  return {
    status: head?.status ?? null,
    body: end?.info.body ?? '',
    asked,
    ...(isFollowed && { isFollowed }),
    ...(header !== undefined && head?.status === sent && { header: answerFate(header, head.headers) }),
  };
}

async function wasFollowed(origin: Origin): Promise<boolean> {
  const strays = await origin.strays();
  return strays.some((stray) => 'target' in stray && stray.target.split('?', 1)[0]?.endsWith(ELSEWHERE));
}

function bodyOf(sent: number): string {
  return `the origin's own words with ${sent}\n`;
}

function judgeStatus(direct: Answers, proxied: Answers): Judgement {
  const asked = Object.keys(direct).filter((each) => proxied[each]?.asked);
  const failures = asked.filter((each) => isTakenForFailure(Number(each), proxied));
  const sent = asked.filter((each) => !failures.includes(each));
  const others = Object.keys(direct).filter((each) => !asked.includes(each));
  const besides = [
    ...(failures.length === 0
      ? []
      : [`; the proxy takes ${failures.join(', ')} for a failure of a server, and has no other one to ask`]),
    ...(others.length === 0
      ? []
      : [`; the origin was not asked for ${others.join(', ')}, which is not judged`]),
  ].join('');
  const statuses = sent.filter((each) => direct[each]?.status !== proxied[each]?.status);
  const bodies = sent.filter(
    (each) => !statuses.includes(each) && direct[each]?.body !== proxied[each]?.body,
  );
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const lost = lostHeaders(sent, direct, proxied);
  const isFollowed = areFollowed(proxied);
  const evidence: Evidence[] = [
    ...statuses.map((each) => ({ k: `status${each}`, v: proxied[each]?.status ?? 'none' })),
    ...bodies.map((each) => ({ k: 'bodyChanged', v: Number(each) })),
    ...(isFollowed ? [{ k: 'followsRedirects', v: true }] : []),
  ];
  if (evidence.length === 0 && lost !== undefined) {
    return {
      ...figures,
      status: 'warn',
      fault: 'headers.lost',
      summary: `${lost.text}${besides}`,
      evidence: lost.evidence,
    };
  }
  if (evidence.length === 0) {
    return {
      ...figures,
      status: 'pass',
      summary: `${sent.join(', ')} arrive as they were sent${besides}`,
      evidence,
    };
  }
  const changes = [
    ...statuses.map((each) => `${each} became ${proxied[each]?.status ?? 'no answer'}`),
    ...(bodies.length > 0 ? [`another body with ${bodies.join(', ')}`] : []),
    ...(isFollowed ? ['the proxy follows redirects itself: it asked the origin for where one leads'] : []),
    ...(lost === undefined ? [] : [lost.text]),
  ];
  return {
    ...figures,
    // A browser's EventSource goes by the status alone.
    status: statuses.length > 0 ? 'fail' : 'warn',
    fault: 'status.changed',
    summary: `${changes.join('; ')}${besides}`,
    evidence,
  };
}

const BAD_GATEWAY: ReadonlySet<number | null> = new Set([502, 503, 504]);

/** Another server was to be asked instead, and the origin is asked no more: nobody has changed a status. */
function isTakenForFailure(sent: number, answers: Answers): boolean {
  const { status = null } = answers[sent] ?? {};
  if (sent < 500 || status === sent || !BAD_GATEWAY.has(status)) return false;
  return Object.entries(answers).some(
    ([each, { asked, status }]) => Number(each) > sent && !asked && BAD_GATEWAY.has(status),
  );
}

function areFollowed(answers: Answers): boolean {
  return Object.values(answers).some((each) => each.isFollowed === true);
}

/** What a client needs to know of a status, where it does not arrive; nothing where it does. */
function lostHeaders(sent: readonly string[], direct: Answers, proxied: Answers) {
  const fates: Record<string, AnswerFate> = {};
  for (const [status, header] of SENT) {
    const came = proxied[status]?.header;
    if (header === undefined || came === undefined || !sent.includes(String(status))) continue;
    if (came !== 'arrived' && direct[status]?.header === 'arrived') fates[`${header[0]} of ${status}`] = came;
  }
  const names = Object.keys(fates).map((each) => each.replace(/ of .*/, ''));
  const evidence: Evidence[] = [...new Set(names)].map((name) => ({ k: 'answerHeaderLost', v: name }));
  return evidence.length === 0 ? undefined : { text: lostText(fates), evidence };
}

function measured(answers: Answers): Measured {
  const figures = Object.entries(answers).flatMap(([sent, answer]) => [
    [`status${sent}`, answer.status],
    [`body${sent}Bytes`, Buffer.byteLength(answer.body)],
    ...(answer.header === undefined ? [] : [[`header${sent}`, answer.header] as const]),
  ]);
  return { ...Object.fromEntries(figures), followsRedirects: areFollowed(answers) };
}
