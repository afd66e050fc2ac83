import { ANTHROPIC_FAILURE, ANTHROPIC_PING, message, streamMessage } from '../../llm/anthropic.ts';
import { drawnId } from '../../llm/drawn-id.ts';
import type { Answer, Handler } from '../answer.ts';
import type { MockRequest } from '../request.ts';
import { ANTHROPIC_ERRORS } from './llm/anthropic-errors.ts';
import { readCountRequest, readMessagesRequest } from './llm/anthropic-request.ts';
import { jsonBody } from './llm/body.ts';
import { isBodiless, wrongMethod } from './llm/methods.ts';
import { refusing, ServiceError } from './llm/service-error.ts';
import { jsonAnswer, LLM_SHAPE, Model } from './llm/turn.ts';
import type { Preset, PresetOptions } from './preset.ts';

export const anthropic: Preset = {
  name: 'anthropic',
  summary: 'Anthropic messages: named events in content blocks, with pings',
  uses: LLM_SHAPE,
  create: anthropicServer,
};

/** Silence after which the service sends a ping. */
const PING_MS = 15_000;

function anthropicServer(options: PresetOptions): Handler {
  const model = new Model(options);
  return refusing(ANTHROPIC_ERRORS, async (request) => {
    const { path } = request;
    const own = path.endsWith('/v1/messages');
    const counting = path.endsWith('/v1/messages/count_tokens');
    if (!own && !counting && path.startsWith('/v1/')) throw new ServiceError(404, `Not Found: ${path}`);
    if (!own && !counting && (await isBodiless(request))) return messages(model, request, unasked(request));
    if (request.method !== 'POST') throw wrongMethod(request, own || counting ? 'POST' : 'GET, POST');
    if (own || counting) checkVersion(request);
    const body = await jsonBody(request);
    if (body === undefined) throw new ServiceError(400, 'The request has no body.');
    return counting
      ? jsonAnswer(200, { input_tokens: readCountRequest(body) })
      : messages(model, request, body);
  });
}

async function messages(model: Model, request: MockRequest, body: unknown): Promise<Answer> {
  const { prompt, stream } = readMessagesRequest(body);
  const turn = await model.answer(request, prompt);
  const headers = { 'request-id': drawnId(turn.context.random, 'req_01', 22) };
  if (!stream) return turn.whole(message(turn.answer, turn.context), headers);
  return turn.stream(streamMessage(turn.answer, turn.context), {
    headers: { ...headers, 'content-type': 'text/event-stream; charset=utf-8' },
    errorEvent: ANTHROPIC_FAILURE,
    heartbeat: ANTHROPIC_PING,
    heartbeatMs: turn.shape.heartbeat ?? PING_MS,
  });
}

/** What a request without a body asks for: `?prompt=`, streamed. */
function unasked({ query }: MockRequest): object {
  const content = query.get('prompt') ?? '';
  return { model: 'claude-mock', max_tokens: 4_096, stream: true, messages: [{ role: 'user', content }] };
}

/** The header that is forgotten most often. */
function checkVersion({ headers }: MockRequest): void {
  const version = headers['anthropic-version'];
  if (version === undefined) throw new ServiceError(400, 'anthropic-version: header is required');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(version))) {
    throw new ServiceError(400, `anthropic-version: ${JSON.stringify(version)} is not a valid version`);
  }
}
