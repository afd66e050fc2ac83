import { createDecoder } from '../../sse/decoder.ts';
import type { Decoder, SseEvent } from '../../sse/sink.ts';
import type { FaultLine, Outgoing, ResponseHead, TimedFault } from '../faults/line.ts';
import type { FaultSpec } from '../faults/spec.ts';
import type { Op } from '../wire/op.ts';
import { type Unit, UnitCutter } from './units.ts';

/**
 * Tells faults of the events in a body that was made elsewhere, which comes as bytes cut anywhere. Each block is held
 * until it is complete, as a fault may concern it; without faults nobody needs this, and nothing is held.
 */
export class RelayedLine implements FaultLine {
  readonly timed: readonly TimedFault[];
  readonly #line: FaultLine;
  readonly #cutter = new UnitCutter();
  readonly #decoder: Decoder;
  #events = 0;
  #lastDueMs = 0;
  /** The event of the block that was decoded last. */
  #event: SseEvent | undefined;

  constructor(line: FaultLine) {
    this.#line = line;
    this.timed = line.timed;
    this.#decoder = createDecoder({
      event: (event) => {
        this.#event = event;
      },
      comment: () => {},
      retry: () => {},
    });
  }

  head(head: ResponseHead): void {
    this.#line.head(head);
  }

  opened(): Op[] {
    return this.#line.opened();
  }

  send(item: Outgoing, dueMs: number): Op[] {
    this.#lastDueMs = dueMs;
    if (item.kind !== 'bytes') return this.#line.send(item, dueMs);
    const units = this.#cutter.push(item.bytes);
    return units.flatMap((unit) => this.#line.send(this.#outgoing(unit), dueMs));
  }

  finish(ending: 'end' | 'cut' | 'reset'): Op[] {
    const bytes = this.#cutter.rest();
    const rest = bytes.length === 0 ? [] : this.#line.send({ kind: 'bytes', bytes }, this.#lastDueMs);
    return [...rest, ...this.#line.finish(ending)];
  }

  strike(fault: FaultSpec): Op[] {
    return this.#line.strike(fault);
  }

  #outgoing({ kind, bytes }: Unit): Outgoing {
    if (kind === 'piece') return { kind: 'bytes', bytes };
    this.#event = undefined;
    this.#decoder.push(bytes, 0);
    if (kind !== 'block') return { kind: 'heartbeat', event: undefined, bytes };
    const event = this.#event as SseEvent | undefined;
    if (event === undefined) return { kind: 'bytes', bytes };
    this.#events += 1;
    const { data, id } = event;
    const name = event.event === 'message' ? undefined : event.event;
    return { kind: 'event', n: this.#events, event: { event: name, id, data }, done: isDone(event), bytes };
  }
}

/** What says that the answer of an LLM is whole: OpenAI's two formats, and Anthropic's. */
function isDone({ event, data }: SseEvent): boolean {
  return data === '[DONE]' || event === 'message_stop' || event === 'response.completed';
}
