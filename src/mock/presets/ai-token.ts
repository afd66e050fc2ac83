import { streamTokens, TOKENS_FAILURE } from '../../llm/ai-token.ts';
import { seededRandom } from '../../stats/random.ts';
import type { Answer } from '../answer.ts';
import { type MockRequest, RequestError } from '../request.ts';
import type { Schedule } from '../step.ts';
import { readJsonBody } from '../templates/json-body.ts';
import { Greeter } from './greeting.ts';
import { countTokens } from './llm/body.ts';
import type { Prompt } from './llm/prompt.ts';
import { LLM_SHAPE, Model } from './llm/turn.ts';
import type { Preset, PresetOptions } from './preset.ts';

/** An answer a connection, to `GET ?prompt=…` or `POST {"prompt": "…"}`. */
export const aiToken: Preset = {
  name: 'ai-token',
  summary: 'an application that passes on a model: ai:token events up to done: true',
  uses: LLM_SHAPE,
  create(options) {
    const server = new TokenServer(options);
    return (request) => server.answer(request);
  },
};

class TokenServer {
  readonly #model: Model;
  readonly #greeter: Greeter;
  readonly #seed: number;
  #messages = 0;

  constructor(options: PresetOptions) {
    this.#model = new Model(options);
    this.#greeter = new Greeter(options.seed);
    this.#seed = options.seed ?? 0;
  }

  async answer(request: MockRequest): Promise<Answer> {
    const prompt = promptOf(await askedQuestion(request));
    const last = parseTokenId(request.lastEventId);
    const message = last?.message ?? this.#newMessage();
    // What a message says follows from its number: it goes on behind any of its tokens without being remembered.
    const random = seededRandom(this.#seed, 'message', message);
    const turn = await this.#model.answer(request, prompt, random);
    const events = [...streamTokens(turn.answer, `msg-${message}`)];
    const n = last?.n ?? 0;
    // Who has had the last one would come back for ever.
    if (n === events.length) return { kind: 'plain', status: 204 };
    const known = request.lastEventId === '' || (last !== undefined && n < events.length);
    const seen = known ? n : 0;
    return {
      kind: 'stream',
      schedule: this.#greeter.greeted(numbered(turn.schedule(events.slice(seen)), seen + 1)),
      lostId: !known,
      errorEvent: TOKENS_FAILURE,
    };
  }

  #newMessage(): number {
    this.#messages += 1;
    return this.#messages;
  }
}

/** Faults know a token by its number in the message. */
function* numbered(schedule: Schedule, first: number): Schedule {
  let n = first;
  for (let next = schedule.next(); next.done !== true; next = schedule.next()) {
    yield next.value.kind === 'event' ? { ...next.value, n } : next.value;
    n += 1;
  }
}

/** `msg-3.17`: token 17 of message 3. */
function parseTokenId(text: string): { message: number; n: number } | undefined {
  const [, message, n] = /^msg-([1-9]\d{0,14})\.([1-9]\d{0,14})$/.exec(text) ?? [];
  return message === undefined ? undefined : { message: Number(message), n: Number(n) };
}

async function askedQuestion(request: MockRequest): Promise<string> {
  const { method, query } = request;
  if (!['GET', 'HEAD', 'POST'].includes(method)) {
    throw new RequestError(405, `${method} is not for streams: use GET or POST`, { allow: 'GET, POST' });
  }
  const body = await readJsonBody(request);
  if (body === undefined) return query.get('prompt') ?? '';
  const prompt = typeof body === 'object' && body !== null && 'prompt' in body ? body.prompt : undefined;
  if (typeof prompt !== 'string') {
    throw new RequestError(400, 'the body must have a prompt, as text: {"prompt": "…"}');
  }
  return prompt;
}

function promptOf(question: string): Prompt {
  return {
    model: 'mock',
    question,
    inputTokens: countTokens([question]),
    maxTokens: undefined,
    tools: [],
    toolUse: 'none',
    toolResult: undefined,
    thinking: false,
    schema: undefined,
  };
}
