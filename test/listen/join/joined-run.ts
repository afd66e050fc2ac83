import { readFileSync } from 'node:fs';
import type { ClientReason, CloseInfo } from '../../../src/client/records.ts';
import type { EventView } from '../../../src/listen/filters.ts';
import type { InstrumentContext } from '../../../src/listen/instrument.ts';
import { Join } from '../../../src/listen/join/join.ts';
import type { JoinedPiece } from '../../../src/listen/join/view.ts';
import type { JoinWhat } from '../../../src/listen/options.ts';
import type { Outcome, RunEnd } from '../../../src/listen/outcome.ts';
import type { AnswerFigures } from '../../../src/results/sections.ts';
import { anEnding, anEvent } from '../../report/samples.ts';
import { decodeChunks } from '../../sse/recording-sink.ts';

/** The clock of the run starts here; its request is sent 100 ms later. */
const STARTED_AT = 5_000;
const SENT = 100;

/** A run that is joined, event by event, on a clock that the test sets. */
export class JoinedRun {
  readonly join: Join;
  readonly warnings: string[] = [];
  /** What the events told, in order, texts put together. */
  readonly pieces: JoinedPiece[] = [];
  #conn = 1;
  #events = 0;
  #t = 0;

  constructor(what: JoinWhat = { kind: 'auto' }) {
    this.join = new Join(what);
    const clock = { startedAt: STARTED_AT } as InstrumentContext['clock'];
    const warn: InstrumentContext['warn'] = ({ code }, at) =>
      this.warnings.push(`${code} at ${at - STARTED_AT}`);
    this.join.watch({ clock, warn } as InstrumentContext);
    this.#attempt(SENT);
  }

  /** An event that arrives at `t` milliseconds of the run. */
  event(t: number, data: unknown, event = 'message'): this {
    this.#arrive(t, data, event, (read) => read);
    this.pieces.push(...this.join.pieces);
    return this;
  }

  /** One that the filters hide. */
  hiddenEvent(t: number, data: unknown, event = 'message'): this {
    this.#arrive(t, data, event, () => undefined);
    return this;
  }

  /** The events of a file in test/llm/samples, so many milliseconds apart from `t` on. */
  sample(name: string, t = 200, apart = 10): this {
    const bytes = readFileSync(new URL(`../../llm/samples/${name}`, import.meta.url));
    for (const [i, { event, data }] of decodeChunks([bytes]).sink.events.entries())
      this.event(t + apart * i, data, event);
    return this;
  }

  /** The connection ends, and another follows. */
  reconnect(reason: CloseInfo['reason'] = 'reset'): this {
    const at = { t: this.#t, conn: this.#conn };
    this.join.close(anEnding({ reason }), at);
    this.join.reconnect({}, { ...at, conn: this.#conn + 1 });
    this.#conn += 1;
    this.#attempt(this.#t + SENT);
    return this;
  }

  /** The run ends; what it comes to. */
  end(end: { reason?: CloseInfo['reason']; by?: ClientReason; outcome?: Outcome } = {}): Outcome {
    const {
      reason = end.by === undefined ? 'eof' : 'client',
      by,
      outcome = { exitCode: 0, failure: undefined },
    } = end;
    const close = anEnding({ reason });
    this.join.close(close, { t: this.#t, conn: this.#conn });
    return this.join.judge(outcome, { close, by } as RunEnd);
  }

  get answers(): readonly AnswerFigures[] {
    return this.join.conclude().answers ?? [];
  }

  get text(): string {
    return this.pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
  }

  #arrive(t: number, data: unknown, name: string, view: EventView): void {
    this.#t = t;
    this.#events += 1;
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    const event = anEvent({ event: name, data: text });
    this.join.event(event, { t, dt: 0, n: this.#events, conn: this.#conn }, view(event));
  }

  #attempt(t: number): void {
    this.join.attempt({ planned: 0, start: 0, sent: STARTED_AT + t });
  }
}

/** A chunk of a chat completion. */
export function chunk(content: string, finish: string | null = null, index = 0, id = 'c1'): object {
  const choices = [{ index, delta: content === '' ? {} : { content }, finish_reason: finish }];
  return { id, object: 'chat.completion.chunk', choices };
}

export function token(messageId: string, text: string, done = false): object {
  return { token: text, done, messageId };
}
