import { seededRandom } from '../../stats/random.ts';
import type { Answer, Handler, PlainAnswer, StreamAnswer } from '../answer.ts';
import { MIN_INTERVAL_MS } from '../overrides.ts';
import { type MockRequest, RequestError } from '../request.ts';
import { readJsonBody } from '../templates/json-body.ts';
import type { TemplateScope } from '../templates/scope.ts';
import type { Template } from '../templates/template.ts';
import { isAnswer } from './answer-kind.ts';
import { playAll, type Setting } from './player.ts';
import { compileProgram } from './program.ts';
import { lastSeen } from './resume.ts';
import type { AnswerSource, DefaultsSource, PresetSource, RouteSource, StreamSource } from './source.ts';

/** What handlers of a scenario need to know beside their route. */
export interface HandlerContext {
  /** Name of the route: whose draws they are. */
  name: string;
  seed: number;
  /** Queries change nothing of a preset. */
  fixed: boolean;
  defaults: DefaultsSource;
  /** Wall clock. */
  clock(): number;
}

/** Answers each connection of a client as the route says, or as it says of that connection. */
export function routeHandler(route: RouteSource, context: HandlerContext): Handler {
  const general = isAnswer(route) ? answerHandler(route, context) : undefined;
  const special = (route.connections ?? []).map(({ range, answer }) => ({
    range,
    handler: answerHandler(isAnswer(answer) ? answer : asRoute(route, answer), context),
  }));
  return (request) => {
    const { connection } = request;
    const own = special.find(({ range }) => range.first <= connection && connection <= range.last);
    const handler = own?.handler ?? general;
    if (handler === undefined) throw new RequestError(404, `nothing is said of connection ${connection}`);
    return handler(request);
  };
}

/** The route's own answer, with what the connection adds. */
function asRoute(route: RouteSource, { headers, faults }: AnswerSource): AnswerSource {
  const merged = { ...route.headers, ...headers };
  return { ...route, headers: merged, faults: [...(route.faults ?? []), ...(faults ?? [])] };
}

function answerHandler(source: AnswerSource, context: HandlerContext): Handler {
  const { stream, preset, close } = source;
  if (close !== undefined) return () => ({ kind: 'hang-up', how: close });
  const handler =
    stream !== undefined
      ? streamHandler(stream, source, context)
      : preset !== undefined
        ? presetHandler(preset, source, context)
        : plainHandler(source, context);
  return withHeaders(handler, { ...context.defaults.headers, ...source.headers }, context);
}

type Headers = Readonly<Record<string, Template>>;

/** Adds the headers to whatever the handler answers with, a refusal of the request included. */
function withHeaders(handler: Handler, headers: Headers, context: HandlerContext): Handler {
  if (Object.keys(headers).length === 0) return handler;
  const needsBody = Object.values(headers).some((template) => template.needsBody);
  return async (request): Promise<Answer> => {
    const own = renderHeaders(headers, await answerScope(request, needsBody, context));
    try {
      const answer = await handler(request);
      if (answer.kind !== 'plain' && answer.kind !== 'stream') return answer;
      return { ...answer, headers: { ...answer.headers, ...own } };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      throw new RequestError(error.status, error.message, { ...own, ...error.headers });
    }
  };
}

function plainHandler({ status = 200, body }: AnswerSource, context: HandlerContext): Handler {
  if (body === undefined) return () => ({ kind: 'plain', status });
  const headers = { 'content-type': body.json ? 'application/json' : 'text/plain; charset=utf-8' };
  return async (request): Promise<PlainAnswer> => {
    const scope = await answerScope(request, body.needsBody, context);
    return { kind: 'plain', status, headers, body: body.render(scope) };
  };
}

function presetHandler(
  { preset, ...shape }: PresetSource,
  { faults = [] }: AnswerSource,
  context: HandlerContext,
): Handler {
  const { seed, fixed, defaults } = context;
  const paced = preset.uses.includes('interval') && defaults.interval !== undefined;
  const pace = paced ? { interval: Math.max(defaults.interval ?? 0, MIN_INTERVAL_MS) } : {};
  const handler = preset.create({ shape: { ...pace, ...shape }, seed, fixed });
  const common = fixedParts({}, defaults);
  const all = [...(defaults.faults ?? []), ...faults];
  return async (request): Promise<Answer> => {
    const answer = await handler(request);
    if (answer.kind !== 'stream') return answer;
    // What a service's streams have of their own is what makes them that service's.
    return { ...common, ...answer, faults: [...all, ...(answer.faults ?? [])] };
  };
}

function streamHandler(
  stream: StreamSource,
  { faults = [] }: AnswerSource,
  context: HandlerContext,
): Handler {
  const { defaults } = context;
  const program = compileProgram(stream.steps ?? []);
  const greeting = compileProgram(stream.greet ?? []);
  const { hold = program.steps.length === 0, resume = 'on', ids = 'on', channels } = stream;
  const numbersAreIds = ids === 'on' && resume !== 'published';
  const needsBody = [program, greeting, ...(channels ?? [])].some((each) => each.needsBody);
  const fixed = fixedParts(stream, defaults);
  const all = [...(defaults.faults ?? []), ...(stream.faults ?? []), ...faults];
  return async (request): Promise<Answer> => {
    const scope = await answerScope(request, needsBody, context);
    const setting: Setting = {
      request,
      body: scope.body,
      intervalMs: stream.interval ?? defaults.interval ?? 0,
      jitterMs: stream.jitter ?? defaults.jitter ?? 0,
      numbered: true,
      numbersAreIds,
      drawsOf: (n) => seededRandom(context.seed, context.name, request.client, n),
      clock: context.clock,
    };
    const resumes = resume === 'on' && (numbersAreIds || program.ownIds);
    const seen = resumes ? lastSeen(program, setting) : 0;
    // Who has had everything is told to stop, or would come back for ever.
    if (seen !== undefined && seen > 0 && seen === program.events && !hold)
      return { kind: 'plain', status: 204 };
    return {
      kind: 'stream',
      schedule: playAll(setting, { greeting, program, after: seen ?? 0, hold }),
      hold,
      ids: resume === 'published' ? 'channel' : 'schedule',
      lostId: seen === undefined,
      faults: all,
      ...(channels === undefined ? {} : { channels: channels.map((channel) => channel.render(scope)) }),
      ...fixed,
    };
  };
}

type FixedParts = Pick<StreamAnswer, 'heartbeatMs' | 'retryMs' | 'lineEnd' | 'opening'>;

/** What is the same for every request; absent: the server's default. */
function fixedParts(stream: StreamSource, defaults: DefaultsSource): FixedParts {
  const heartbeatMs = stream.heartbeat ?? defaults.heartbeat;
  const retryMs = stream.retry ?? defaults.retry;
  const lineEnd = stream.lineEnd ?? defaults.lineEnd;
  const { opening } = stream;
  return {
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    ...(retryMs === undefined ? {} : { retryMs }),
    ...(lineEnd === undefined ? {} : { lineEnd }),
    ...(opening === undefined ? {} : { opening }),
  };
}

async function answerScope(
  request: MockRequest,
  needsBody: boolean,
  { clock }: HandlerContext,
): Promise<TemplateScope> {
  const body = needsBody ? await readJsonBody(request) : undefined;
  return { request, body, n: 0, nowMs: clock(), random: request.random };
}

/** What may stand in a header's value (RFC 9110, section 5.5), as bytes. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** @throws RequestError 400 where the request puts into a header what no header can hold */
function renderHeaders(headers: Headers, scope: TemplateScope): Record<string, string> {
  const rendered = Object.entries(headers).map(([name, template]) => {
    const value = Buffer.from(template.render(scope)).toString('latin1');
    if (!HEADER_VALUE.test(value))
      throw new RequestError(400, `this request would put a control character into the header ${name}`);
    return [name, value];
  });
  return Object.fromEntries(rendered);
}
