import type { Random } from '../../stats/random.ts';
import { PAYLOADS, type PayloadName } from '../payloads/registry.ts';
import type { MockRequest } from '../request.ts';
import type { Step, StepAction } from '../step.ts';
import type { TemplateScope } from '../templates/scope.ts';
import type { Template } from '../templates/template.ts';
import { isNumbered, type Program, type ProgramStep } from './program.ts';
import type { EventSource } from './source.ts';

/** What the events of one connection follow from, beside their number. */
export interface Setting {
  request: MockRequest;
  /** See {@link TemplateScope.body}. */
  body: unknown;
  intervalMs: number;
  jitterMs: number;
  /** Events have numbers, and are passed over by them. */
  numbered: boolean;
  /** An event without an id of its own has its number for one. */
  numbersAreIds: boolean;
  /** Draws of an event, the same whenever it is sent. */
  drawsOf(n: number): Random;
  /** Wall clock. */
  clock(): number;
}

/** Where a player begins. */
interface Start {
  /** Number of the event that was sent last; 0: none. */
  after: number;
  /** An event was sent before: the next one waits its interval. */
  sent: boolean;
  /** But a sleep came since then, which takes the interval's place. */
  slept: boolean;
  /** What has been slept already. */
  waitMs: number;
}

const FROM_THE_START: Start = { after: 0, sent: false, slept: false, waitMs: 0 };

/**
 * What a connection gets: the greeting, then the program from behind the event that it saw last. Where the stream
 * isn't held open, it ends behind the last step.
 */
export function* playAll(
  setting: Setting,
  { greeting, program, after, hold }: { greeting: Program; program: Program; after: number; hold: boolean },
): Generator<Step, void> {
  const greeter = new Player({ ...setting, numbered: false, numbersAreIds: false });
  yield* greeter.play(greeting);
  const { sent, slept, waitMs } = greeter;
  const player = new Player(setting, { after, sent: sent || after > 0, slept, waitMs });
  yield* player.play(program);
  if (player.waitMs > 0 && !hold) yield { kind: 'end', how: 'eof', afterMs: player.waitMs };
}

/** One connection's way through a program. It holds a few numbers, however long the program is. */
class Player {
  readonly #setting: Setting;
  /** Of the last event. */
  #n = 0;
  readonly #generated = new Map<PayloadName, number>();
  /** Events to be passed over yet. */
  #skip: number;
  /** What ended the connection before lies between the event that it got last and the next. */
  #resuming: boolean;
  #jitterMs: number;
  sent: boolean;
  slept: boolean;
  /** What was slept since the last step. */
  waitMs: number;

  constructor(setting: Setting, start = FROM_THE_START) {
    this.#setting = setting;
    this.#skip = start.after;
    this.#resuming = start.after > 0;
    this.#jitterMs = setting.jitterMs;
    this.sent = start.sent;
    this.slept = start.slept;
    this.waitMs = start.waitMs;
  }

  *play({ steps }: Program): Generator<Step, void> {
    for (const step of steps) yield* this.#play(step);
  }

  *#play(step: ProgramStep): Generator<Step, void> {
    switch (step.kind) {
      case 'event':
        if (!this.#passesOver(isNumbered(step) ? 1 : 0)) yield this.#event(step);
        return;
      case 'generate':
        yield* this.#generate(step);
        return;
      case 'repeat':
        yield* this.#repeat(step.times, step.body);
        return;
      case 'sleep':
        if (this.#skip > 0) return;
        this.waitMs += this.#spread(step.ms);
        this.slept = true;
        return;
      case 'jitter':
        this.#jitterMs = step.ms;
        return;
      default:
        if (this.#skip === 0) yield* this.#other(step);
    }
  }

  *#other(
    step: Exclude<ProgramStep, { kind: 'event' | 'generate' | 'repeat' | 'sleep' | 'jitter' }>,
  ): Generator<Step, void> {
    switch (step.kind) {
      case 'comment':
        yield this.#timed({ kind: 'comment', text: this.#renderNow(step.text) });
        return;
      case 'raw':
        yield this.#timed({ kind: 'bytes', bytes: Buffer.from(this.#renderNow(step.text)) });
        return;
      case 'retry':
        yield this.#timed({ kind: 'retry', ms: step.ms });
        return;
      case 'close':
        if (!this.#resuming) yield this.#timed({ kind: 'end', how: step.how });
        return;
      case 'fault': {
        const { connection = this.#setting.request.connection } = step.fault;
        if (this.#resuming || connection !== this.#setting.request.connection) return;
        yield this.#timed({ kind: 'fault', fault: step.fault });
      }
    }
  }

  *#generate(step: Extract<ProgramStep, { kind: 'generate' }>): Generator<Step, void> {
    const { name, count, event, interval = this.#setting.intervalMs } = step;
    const skipped = Math.min(this.#skip, count);
    this.#passesOver(skipped);
    this.#count(name, skipped);
    const source = { kind: 'event', done: false, ...(event === undefined ? {} : { event }) } as const;
    for (let made = skipped; made < count; made += 1) {
      this.#count(name, 1);
      const number = this.#generated.get(name) ?? 0;
      const render = ({ nowMs, random }: TemplateScope) =>
        JSON.stringify(PAYLOADS[name](number, nowMs, random));
      yield this.#event({ ...source, data: { constant: false, needsBody: false, render } }, interval, name);
    }
  }

  *#repeat(times: number, body: Program): Generator<Step, void> {
    let passes = 0;
    if (this.#skip > 0 && body.events > 0) {
      // Whole passes in one go: a stream resumes as fast behind event 1,000,000 as behind event 1. The pass with the
      // last event is walked, for what comes behind it.
      passes = Math.min(times, Math.floor((this.#skip - 1) / body.events));
      if (passes > 0) {
        this.#passesOver(passes * body.events);
        for (const [name, count] of body.generated) this.#count(name, passes * count);
      }
    } else if (this.#skip > 0) {
      passes = times;
    }
    for (; passes < times; passes += 1) yield* this.play(body);
  }

  /** Counts events that aren't sent, as they were sent before; false where they are to be sent. */
  #passesOver(events: number): boolean {
    if (this.#skip === 0) return false;
    this.#skip -= events;
    this.#n += events;
    return true;
  }

  #event(source: EventSource, intervalMs = this.#setting.intervalMs, type?: string): Step {
    const numbered = this.#setting.numbered && isNumbered(source);
    if (numbered) this.#n += 1;
    this.#resuming = false;
    if (this.sent && !this.slept) this.waitMs += this.#spread(intervalMs);
    this.sent = true;
    this.slept = false;
    const n = numbered ? this.#n : 0;
    const { request, body, numbersAreIds, drawsOf } = this.#setting;
    return this.#timed({
      kind: 'event',
      n,
      done: source.done,
      event: (nowMs) => {
        const scope = { request, body, n, nowMs, random: lazily(() => drawsOf(n)) };
        // The id first: it is drawn again, alone, when somebody resumes by it.
        const id = source.id === undefined ? (numbersAreIds ? String(n) : undefined) : ownId(source, scope);
        const event = source.event?.render(scope) ?? type;
        return { id, event, data: source.data.render(scope), retry: source.retry };
      },
    });
  }

  #timed(action: StepAction): Step {
    const afterMs = this.waitMs;
    this.waitMs = 0;
    return { ...action, afterMs };
  }

  #renderNow(template: Template): string {
    const { request, body, clock } = this.#setting;
    const nowMs = clock() + this.waitMs;
    return template.render({ request, body, n: this.#n, nowMs, random: request.random });
  }

  #spread(ms: number): number {
    if (ms === 0 || this.#jitterMs === 0) return ms;
    return Math.max(0, ms + (2 * this.#setting.request.random() - 1) * this.#jitterMs);
  }

  #count(name: PayloadName, count: number): void {
    this.#generated.set(name, (this.#generated.get(name) ?? 0) + count);
  }
}

/** The id that an event was given; undefined: it has none. */
export function ownId({ id }: EventSource, scope: TemplateScope): string | undefined {
  return id === 'off' ? undefined : id?.render(scope);
}

/** Most events draw nothing, and a generator has to be seeded. */
export function lazily(make: () => Random): Random {
  let random: Random | undefined;
  return () => {
    random ??= make();
    return random();
  };
}
