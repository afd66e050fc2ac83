import { SseKitError } from '../client/errors.ts';
import type { ClientReason, CloseInfo, Marks, OpenInfo, Warning } from '../client/records.ts';
import type { SummarySections } from '../results/sections.ts';
import type { SseEvent } from '../sse/sink.ts';
import type { Instrument } from './instrument.ts';
import type { Outcome, RunEnd } from './outcome.ts';
import type { EventPosition, OpenPosition, Position, ReconnectRecord } from './printer.ts';
import type { WireBlock } from './wire/wire-block.ts';

/** The instruments of a run, called in their order. */
export class Instruments {
  readonly #all: readonly Instrument[];
  /** Whether anybody looks at bytes: without it no reading is made slower. */
  readonly readChunks: boolean;
  readonly readBody: boolean;
  /** The bytes of the event that is about to be printed, where they are to be shown. */
  readonly wire: (() => WireBlock | undefined) | undefined;

  constructor(all: readonly Instrument[]) {
    this.#all = all;
    this.readChunks = all.some((each) => each.chunk !== undefined);
    this.readBody = all.some((each) => each.body !== undefined);
    const viewer = all.find((each) => each.wire !== undefined);
    this.wire = viewer && (() => viewer.wire?.());
  }

  /** None: whoever calls for each event may spare the call. */
  get none(): boolean {
    return this.#all.length === 0;
  }

  attempt(marks: Readonly<Marks>, at: Position): void {
    for (const each of this.#all) each.attempt?.(marks, at);
  }

  open(info: OpenInfo, at: OpenPosition, accepted: boolean): void {
    for (const each of this.#all) each.open?.(info, at, accepted);
  }

  opened(): void {
    for (const each of this.#all) each.opened?.();
  }

  chunk(bytes: Uint8Array, at: Position, ends?: readonly number[]): void {
    for (const each of this.#all) each.chunk?.(bytes, at, ends);
  }

  body(bytes: Uint8Array, at: Position): void {
    for (const each of this.#all) each.body?.(bytes, at);
  }

  event(event: SseEvent, at: EventPosition, shown: SseEvent | undefined): void {
    for (const each of this.#all) each.event?.(event, at, shown);
  }

  comment(text: string, at: Position): void {
    for (const each of this.#all) each.comment?.(text, at);
  }

  retry(ms: number, at: Position): void {
    for (const each of this.#all) each.retry?.(ms, at);
  }

  warn(warning: Warning, at: Position): void {
    for (const each of this.#all) each.warn?.(warning, at);
  }

  close(info: CloseInfo, at: Position, final: boolean): void {
    for (const each of this.#all) each.close?.(info, at, final);
  }

  paused(at: Position): void {
    for (const each of this.#all) each.paused?.(at);
  }

  resumed(at: Position): void {
    for (const each of this.#all) each.resumed?.(at);
  }

  reconnect(record: ReconnectRecord, at: Position): void {
    for (const each of this.#all) each.reconnect?.(record, at);
  }

  left(by: ClientReason, at: Position): void {
    for (const each of this.#all) each.left?.(by, at);
  }

  judge(outcome: Outcome, end: RunEnd): Outcome {
    return this.#all.reduce((judged, each) => each.judge?.(judged, end) ?? judged, outcome);
  }

  /**
   * What all of them have to say, and the first failure among them. They conclude one after the other: what one still
   * tells, those behind it hear, and a recording keeps.
   *
   * @throws what is no failure but a defect, after all have concluded
   */
  async conclude(): Promise<{ sections: SummarySections; failure: SseKitError | undefined }> {
    const sections: SummarySections = {};
    let failure: SseKitError | undefined;
    const defects: unknown[] = [];
    for (const each of this.#all) {
      try {
        Object.assign(sections, await each.conclude?.());
      } catch (error) {
        if (error instanceof SseKitError) failure ??= error;
        else defects.push(error);
      }
    }
    if (defects.length > 0) throw defects[0];
    return { sections, failure };
  }
}
