import type { SseEvent } from '../../sse/sink.ts';
import type { Delivery, DeliveryWatch, LatencySink } from '../delivery/delivery.ts';

/** Times events from when the embedded server wrote them, which is all that they say. */
export class WrittenAt implements Delivery, DeliveryWatch {
  readonly #latencies: LatencySink;

  constructor(latencies: LatencySink) {
    this.#latencies = latencies;
  }

  begin(): void {}

  /** No stream needs anything of its own. */
  watch(): DeliveryWatch {
    return this;
  }

  event({ data }: SseEvent, at: number): void {
    this.#latencies.record(at - Number(data) / 1_000);
  }

  opened(): void {}
  interrupted(): void {}
  ended(): void {}
  leftOpen(): void {}
  finish(): void {}

  take(): undefined {
    return undefined;
  }
}
