import { drawnHexId } from '../../../llm/drawn-id.ts';
import { CHAT_FAILURE, chatCompletion, streamChatCompletion } from '../../../llm/openai-chat.ts';
import { ResponsesWriter } from '../../../llm/openai-responses.ts';
import type { Answer, Handler } from '../../answer.ts';
import type { MockRequest } from '../../request.ts';
import type { PresetOptions } from '../preset.ts';
import { jsonBody } from './body.ts';
import { isBodiless, wrongMethod } from './methods.ts';
import { readChatRequest } from './openai-chat-request.ts';
import { OPENAI_ERRORS } from './openai-errors.ts';
import { readResponsesRequest } from './openai-responses-request.ts';
import { refusing, ServiceError } from './service-error.ts';
import { jsonAnswer, Model } from './turn.ts';

export type OpenAiApi = 'chat' | 'responses';

const DEFAULT_MODEL = 'gpt-mock';

/**
 * OpenAI's server, as far as its streams go. On the service's own paths (`/v1/…`) it is as strict as the service. Any
 * other path is the API that the preset is named for, where a request without a body gets a stream as well: that is
 * for browsers and `ssekit listen`.
 */
export function openAiServer(options: PresetOptions, other: OpenAiApi): Handler {
  const { clock = Date.now } = options;
  const model = new Model(options);
  return refusing(OPENAI_ERRORS, async (request) => {
    const { method, path } = request;
    const own = ownApi(path);
    if (own === 'models') return models(request, clock());
    if (own === undefined && path.startsWith('/v1/')) {
      throw new ServiceError(404, `Invalid URL (${method} ${path})`);
    }
    const answer = (own ?? other) === 'chat' ? chat : responses;
    if (own === undefined && (await isBodiless(request))) return answer(model, request, unasked(request));
    if (method !== 'POST') throw wrongMethod(request, own === undefined ? 'GET, POST' : 'POST');
    const body = await jsonBody(request);
    if (body === undefined) throw new ServiceError(400, EMPTY_BODY);
    return answer(model, request, body);
  });
}

const EMPTY_BODY = 'We could not parse the JSON body of your request: it has no body.';

function ownApi(path: string): OpenAiApi | 'models' | undefined {
  if (path.endsWith('/chat/completions')) return 'chat';
  if (path.endsWith('/v1/responses')) return 'responses';
  return path.endsWith('/v1/models') ? 'models' : undefined;
}

/** What a request without a body asks for: `?prompt=`, streamed. */
function unasked({ query }: MockRequest): object {
  const content = query.get('prompt') ?? '';
  return { model: DEFAULT_MODEL, stream: true, messages: [{ role: 'user', content }], input: content };
}

async function chat(model: Model, request: MockRequest, body: unknown): Promise<Answer> {
  const { prompt, stream, options } = readChatRequest(body);
  const turn = await model.answer(request, prompt);
  const headers = requestId(turn.context.random);
  if (!stream) return turn.whole(chatCompletion(turn.answer, turn.context), headers);
  return turn.stream(streamChatCompletion(turn.answer, turn.context, options), {
    headers: { ...headers, ...STREAM_TYPE },
    errorEvent: CHAT_FAILURE,
  });
}

async function responses(model: Model, request: MockRequest, body: unknown): Promise<Answer> {
  const { prompt, stream, options } = readResponsesRequest(body);
  const turn = await model.answer(request, prompt);
  const headers = requestId(turn.context.random);
  const writer = new ResponsesWriter(turn.answer, turn.context, options);
  if (!stream) return turn.whole(writer.whole(), headers);
  return turn.stream(writer.stream(), {
    headers: { ...headers, ...STREAM_TYPE },
    errorEvent: writer.failure,
  });
}

const STREAM_TYPE = { 'content-type': 'text/event-stream; charset=utf-8' };

function requestId(random: () => number): Record<string, string> {
  return { 'x-request-id': drawnHexId(random, 'req_', 32) };
}

function models(request: MockRequest, nowMs: number): Answer {
  if (!['GET', 'HEAD'].includes(request.method)) throw wrongMethod(request, 'GET');
  const model = {
    id: DEFAULT_MODEL,
    object: 'model',
    created: Math.floor(nowMs / 1_000),
    owned_by: 'ssekit',
  };
  return jsonAnswer(200, { object: 'list', data: [model] });
}
