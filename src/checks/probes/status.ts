import type { HeaderPair } from '../../client/records.ts';
import type { Evidence, Measured } from '../../results/check/result.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { observe } from '../observe.ts';
import type { OriginStep } from '../origin/script.ts';
import { notAsked, wasAsked } from '../origins-answer.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../scripted.ts';
import type { ProbeContext, Way } from '../way.ts';

/** An answer that is no stream. */
interface Answer {
  /** `null`: none came. */
  status: number | null;
  body: string;
  /** The origin was asked for it: else it is the proxy's own. */
  asked: boolean;
}

/** By the status that the origin sends. */
type Answers = Record<string, Answer>;

/** Those that mean something to a client of streams, with the header that each needs. */
const SENT: readonly [status: number, ...headers: HeaderPair[]][] = [
  // Ends an EventSource for good.
  [204],
  [301, ['Location', '/ssekit-elsewhere']],
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
  requirement: 'Status and body of 204, 301, 401, 404, 429, 500 and 503 are what the origin sent.',
  seconds: 1,
  load: 'quiet',
  measure: measureStatus,
  judge: judgeStatus,
});

async function measureStatus(way: Way, context: ProbeContext): Promise<Answers> {
  const answers: Answers = {};
  for (const [sent, ...headers] of SENT) answers[sent] = await ask(sent, headers, way, context);
  context.signal.throwIfAborted();
  const all = Object.values(answers);
  if (all.some(({ asked }) => asked)) return answers;
  throw new NotMeasurable(notAsked(all.find(({ status }) => status !== null)?.status));
}

async function ask(
  sent: number,
  headers: readonly HeaderPair[],
  way: Way,
  { pool, origin, signal }: ProbeContext,
): Promise<Answer> {
  const steps: OriginStep[] = [{ do: 'bytes', base64: Buffer.from(bodyOf(sent)).toString('base64') }];
  const { key, request } = scripted(way, {
    status: sent,
    headers: [['Content-Type', 'text/plain'], ...headers],
    // Such an answer has no body.
    steps: sent === 204 ? [] : steps,
  });
  const { head, end } = await observe(pool, { ...request, maxRedirects: 0 }, { forMs: WATCH_MS, signal });
  return {
    status: head?.status ?? null,
    body: end?.info.body ?? '',
    asked: await wasAsked(origin, key),
  };
}

function bodyOf(sent: number): string {
  return `the origin's own words with ${sent}\n`;
}

function judgeStatus(direct: Answers, proxied: Answers): Judgement {
  const sent = Object.keys(direct).filter((each) => proxied[each]?.asked);
  const others = Object.keys(direct).filter((each) => !sent.includes(each));
  const besides =
    others.length === 0 ? '' : `; the origin was not asked for ${others.join(', ')}, which is not judged`;
  const statuses = sent.filter((each) => direct[each]?.status !== proxied[each]?.status);
  const bodies = sent.filter(
    (each) => !statuses.includes(each) && direct[each]?.body !== proxied[each]?.body,
  );
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const evidence: Evidence[] = [
    ...statuses.map((each) => ({ k: `status${each}`, v: proxied[each]?.status ?? 'none' })),
    ...bodies.map((each) => ({ k: 'bodyChanged', v: Number(each) })),
  ];
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

function measured(answers: Answers): Measured {
  return Object.fromEntries(
    Object.entries(answers).flatMap(([sent, answer]) => [
      [`status${sent}`, answer.status],
      [`body${sent}Bytes`, Buffer.byteLength(answer.body)],
    ]),
  );
}
