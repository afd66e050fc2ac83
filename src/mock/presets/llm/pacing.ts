import type { WireEvent } from '../../../llm/answer.ts';
import { parseDuration } from '../../../notation/duration.ts';
import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';
import { parseRate } from '../../../notation/rate.ts';
import type { Random } from '../../../stats/random.ts';
import { parameter, type ShapeValues } from '../../overrides.ts';
import type { Schedule } from '../../step.ts';

/** When a model's tokens come. */
export interface Pacing {
  /** Time to first token, from the response headers. */
  firstTokenMs: number;
  /** From then on. */
  tokensPerSecond: number;
  /** 0 to 1: each wait is uniform in ±jitter of its mean. */
  jitter: number;
}

const DEFAULT_PACING: Pacing = { firstTokenMs: 300, tokensPerSecond: 50, jitter: 0.2 };

const FASTEST = 1_000_000;

/**
 * `--interval` is the time between two tokens; the query may say `ttft=500ms`, `rate=80/s`, `jitter=0.5`.
 *
 * @throws RequestError 400 that names the parameter
 */
export function pacingFor({ interval }: ShapeValues, query: URLSearchParams): Pacing {
  const value = <T>(name: string, parse: (text: string) => T): T | undefined => {
    const text = query.get(name);
    return text === null ? undefined : parameter(name, () => parse(text));
  };
  const ofInterval = interval === undefined ? DEFAULT_PACING.tokensPerSecond : 1_000 / interval;
  return {
    firstTokenMs: value('ttft', parseDuration) ?? DEFAULT_PACING.firstTokenMs,
    tokensPerSecond: value('rate', parseTokenRate) ?? ofInterval,
    jitter: value('jitter', parseJitter) ?? DEFAULT_PACING.jitter,
  };
}

function parseTokenRate(text: string): number {
  const rate = parseRate(text);
  if (rate > FASTEST) throw new InvalidValue(`${quoted(text)} is too fast: at most ${FASTEST}/s`);
  return rate;
}

function parseJitter(text: string): number {
  const [, digits, percent] = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text.trim()) ?? [];
  const jitter = digits === undefined ? Number.NaN : Number(digits) / (percent === '%' ? 100 : 1);
  if (!(jitter >= 0 && jitter <= 1)) {
    throw new InvalidValue(
      `${quoted(text)} is not a share`,
      'Write a number from 0 to 1, or a percentage: 0.2, 20%.',
    );
  }
  return jitter;
}

/** The events of an answer, each when the model has come so far. */
export function* paced(events: Iterable<WireEvent>, pacing: Pacing, random: Random): Schedule {
  const pace = new Pace(pacing, random);
  for (const { event, tokens, done = false } of events) {
    yield { kind: 'event', afterMs: pace.waitMs(tokens), event, done };
  }
}

/** How long an answer takes as a whole. */
export function durationMs(tokens: number, pacing: Pacing, random: Random): number {
  return new Pace(pacing, random).waitMs(tokens);
}

class Pace {
  readonly #pacing: Pacing;
  readonly #random: Random;
  #begun = false;

  constructor(pacing: Pacing, random: Random) {
    this.#pacing = pacing;
    this.#random = random;
  }

  /** Until so many more tokens are there. */
  waitMs(tokens: number): number {
    let wait = 0;
    for (let count = 0; count < tokens; count += 1) {
      wait += this.#varied(this.#begun ? 1_000 / this.#pacing.tokensPerSecond : this.#pacing.firstTokenMs);
      this.#begun = true;
    }
    return wait;
  }

  #varied(meanMs: number): number {
    return meanMs * (1 + this.#pacing.jitter * (2 * this.#random() - 1));
  }
}
