import type { LlmAnswer, WireEvent, WritingContext } from '../../../llm/answer.ts';
import { outputTokens } from '../../../llm/answer.ts';
import { type Random, seededRandom } from '../../../stats/random.ts';
import type { PlainAnswer, StreamAnswer } from '../../answer.ts';
import { parameter, type ShapeValues } from '../../overrides.ts';
import { type MockRequest, RequestError } from '../../request.ts';
import type { Schedule } from '../../step.ts';
import type { Template } from '../../templates/template.ts';
import type { PresetOptions } from '../preset.ts';
import { shapeFor } from '../shape.ts';
import { compose, MOST_TOKENS } from './compose.ts';
import { durationMs, type Pacing, paced, pacingFor } from './pacing.ts';
import type { Prompt } from './prompt.ts';
import { compileText, renderText } from './text.ts';

/** The flags and parameters that mean something to a model's answer. */
export const LLM_SHAPE = ['interval', 'count', 'data'] as const;

/** The model behind a service: answers one request after the other. */
export class Model {
  readonly #options: PresetOptions;
  readonly #text: Template | undefined;
  #turns = 0;

  /** @throws InvalidValue for a text that names nothing */
  constructor(options: PresetOptions) {
    const { data } = options.shape ?? {};
    this.#options = options;
    this.#text = data === undefined ? undefined : compileText(data);
  }

  /**
   * @param random what it says, and when; the connection's draws unless given
   * @throws RequestError 400 for a query that asks for what can't be
   */
  async answer(request: MockRequest, prompt: Prompt, random: Random = request.random): Promise<Turn> {
    const { clock = Date.now, seed = 0, fixed = false, wait = waitFor } = this.#options;
    const shape = shapeFor(request, this.#options);
    const query = fixed ? new URLSearchParams() : request.query;
    if ((shape.count ?? 0) > MOST_TOKENS) {
      throw new RequestError(400, `count: ${shape.count} tokens are too many: at most ${MOST_TOKENS}.`);
    }
    const createdMs = clock();
    const template = this.#textFor(shape);
    const text = template === undefined ? undefined : await renderText(template, request, createdMs);
    // What is said and when are drawn apart: another pace leaves the words as they are.
    const drawn = Math.floor(random() * 2 ** 32);
    const wishes = { tokens: shape.count, text, tool: query.get('tool') === '1' };
    this.#turns += 1;
    return new Turn({
      request,
      shape,
      wait,
      answer: compose(prompt, wishes, seededRandom(drawn, 'words')),
      pacing: pacingFor(shape, query),
      paceRandom: seededRandom(drawn, 'pace'),
      // Ids are drawn apart as well: no two answers of a server share one.
      context: { createdMs, random: seededRandom(seed, 'turn', this.#turns) },
    });
  }
  #textFor({ data }: ShapeValues): Template | undefined {
    if (data === undefined || data === this.#options.shape?.data) return this.#text;
    return parameter('data', () => compileText(data));
  }
}

interface TurnDetails {
  request: MockRequest;
  shape: ShapeValues;
  wait: NonNullable<PresetOptions['wait']>;
  answer: LlmAnswer;
  pacing: Pacing;
  paceRandom: Random;
  context: WritingContext;
}

/** One answer, and the ways to send it. */
export class Turn {
  readonly answer: LlmAnswer;
  readonly context: WritingContext;
  /** What the one who runs the mock asked for, keepalives for one. */
  readonly shape: ShapeValues;
  readonly #details: TurnDetails;

  constructor(details: TurnDetails) {
    this.answer = details.answer;
    this.context = details.context;
    this.shape = details.shape;
    this.#details = details;
  }

  /** Each event when the model has come so far. */
  schedule(events: Iterable<WireEvent>): Schedule {
    const { pacing, paceRandom } = this.#details;
    return paced(events, pacing, paceRandom);
  }

  /**
   * As events. Nothing is sent that the services don't send: no opening comment, no reconnection time, no keepalives,
   * and what is published only where `?channel=` asks for it.
   */
  stream(events: Iterable<WireEvent>, details: Partial<StreamAnswer>): StreamAnswer {
    return {
      kind: 'stream',
      schedule: this.schedule(events),
      opening: false,
      retryMs: this.shape['send-retry'] ?? 'none',
      heartbeatMs: this.shape.heartbeat ?? 0,
      channels: this.#details.request.query.getAll('channel'),
      ...details,
    };
  }

  /** As one JSON value, when the model has come to the end. */
  async whole(body: object, headers: Readonly<Record<string, string>> = {}): Promise<PlainAnswer> {
    const { request, wait, pacing, paceRandom } = this.#details;
    await wait(durationMs(outputTokens(this.answer), pacing, paceRandom), request);
    return jsonAnswer(200, body, headers);
  }
}

export function jsonAnswer(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): PlainAnswer {
  return {
    kind: 'plain',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: `${JSON.stringify(body)}\n`,
  };
}

/** Resolves after the time, or when the client has gone. */
function waitFor(ms: number, request: MockRequest): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    request.onLeave(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
