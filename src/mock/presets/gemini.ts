import { content, GEMINI_FAILURE, streamContent } from '../../llm/gemini.ts';
import type { Answer, Handler } from '../answer.ts';
import type { MockRequest } from '../request.ts';
import { jsonBody } from './llm/body.ts';
import { GEMINI_ERRORS } from './llm/gemini-errors.ts';
import { readContentRequest } from './llm/gemini-request.ts';
import { isBodiless, wrongMethod } from './llm/methods.ts';
import { refusing, ServiceError } from './llm/service-error.ts';
import { LLM_SHAPE, Model } from './llm/turn.ts';
import type { Preset, PresetOptions } from './preset.ts';

export const gemini: Preset = {
  name: 'gemini',
  summary: 'Gemini streamGenerateContent: CRLF, no names, no last word',
  uses: LLM_SHAPE,
  create: geminiServer,
};

const DEFAULT_MODEL = 'gemini-mock';

/** `generateContent`, `streamGenerateContent` with `alt=sse`, and without it: a list in one piece. */
type Form = 'whole' | 'events' | 'list';

function geminiServer(options: PresetOptions): Handler {
  const model = new Model(options);
  return refusing(GEMINI_ERRORS, async (request) => {
    const called = calledMethod(request);
    if (called === undefined && /^\/v1(beta|alpha)?\//.test(request.path)) {
      throw new ServiceError(404, `There is no ${request.path} here: models/MODEL:streamGenerateContent is.`);
    }
    if (called === undefined && (await isBodiless(request))) {
      return generate(model, request, unasked(request), DEFAULT_MODEL, 'events');
    }
    if (request.method !== 'POST') throw wrongMethod(request, called === undefined ? 'GET, POST' : 'POST');
    const body = await jsonBody(request);
    const { name, form } = called ?? { name: DEFAULT_MODEL, form: 'events' };
    return generate(model, request, body ?? {}, name, form);
  });
}

async function generate(
  model: Model,
  request: MockRequest,
  body: unknown,
  name: string,
  form: Form,
): Promise<Answer> {
  const turn = await model.answer(request, readContentRequest(body, name));
  if (form === 'whole') return turn.whole(content(turn.answer, turn.context));
  const events = streamContent(turn.answer, turn.context);
  if (form === 'list') return turn.whole([...events].map(({ event }) => JSON.parse(event.data) as object));
  return turn.stream(events, { lineEnd: 'crlf', errorEvent: GEMINI_FAILURE });
}

function calledMethod({ path, query }: MockRequest): { name: string; form: Form } | undefined {
  const [, name, method] = /\/models\/([^/:]+):(generateContent|streamGenerateContent)$/.exec(path) ?? [];
  if (name === undefined) return undefined;
  if (method === 'generateContent') return { name, form: 'whole' };
  return { name, form: query.get('alt') === 'sse' ? 'events' : 'list' };
}

/** What a request without a body asks for: `?prompt=`. */
function unasked({ query }: MockRequest): object {
  return { contents: [{ role: 'user', parts: [{ text: query.get('prompt') ?? '' }] }] };
}
