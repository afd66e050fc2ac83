import type { Lateness } from './lateness.ts';
import type { StreamEnd } from './observer.ts';

/** Milliseconds. */
const LATENESS_BUCKETS = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

interface Sent {
  readonly events: number;
  readonly sentBytes: number;
}

/** What a server counts of itself, from its start. */
export class MockMetrics {
  requests = 0;
  streams = 0;
  streamsOpened = 0;
  published = 0;
  malformed = 0;
  readonly #ended: Partial<Record<StreamEnd, number>> = {};
  readonly #statuses = new Map<number, number>();
  /** Of streams that have ended. */
  #events = 0;
  #bytes = 0;

  ended(end: StreamEnd, events: number, bytes: number): void {
    this.#ended[end] = (this.#ended[end] ?? 0) + 1;
    this.#events += events;
    this.#bytes += bytes;
  }

  answered(status: number): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
  }

  /** Prometheus' text format, version 0.0.4. */
  text(lateness: Lateness, open: Iterable<Sent>): string {
    let events = this.#events;
    let bytes = this.#bytes;
    for (const stream of open) {
      events += stream.events;
      bytes += stream.sentBytes;
    }
    const lines: string[] = [];
    const metric = (name: string, type: string, help: string, values: [labels: string, value: number][]) => {
      lines.push(`# HELP ssekit_mock_${name} ${help}`, `# TYPE ssekit_mock_${name} ${type}`);
      for (const [labels, value] of values) lines.push(`ssekit_mock_${name}${labels} ${value}`);
    };
    metric('requests_total', 'counter', 'Requests that came.', [['', this.requests]]);
    metric('responses_total', 'counter', 'Answers that are no streams, by status.', [
      ...[...this.#statuses].map(([status, count]): [string, number] => [`{status="${status}"}`, count]),
    ]);
    metric('streams', 'gauge', 'Streams that are open.', [['', this.streams]]);
    metric('streams_opened_total', 'counter', 'Streams that were opened.', [['', this.streamsOpened]]);
    metric('streams_ended_total', 'counter', 'Streams that ended, by reason.', [
      ...Object.entries(this.#ended).map(([end, count]): [string, number] => [`{end="${end}"}`, count]),
    ]);
    metric('events_sent_total', 'counter', 'Events that were handed to streams.', [['', events]]);
    metric('body_bytes_total', 'counter', 'Body bytes of streams, before compression.', [['', bytes]]);
    metric('malformed_total', 'counter', 'Connections that brought no request that can be read.', [
      ['', this.malformed],
    ]);
    metric('published_total', 'counter', 'Events that were published.', [['', this.published]]);
    const name = 'event_lateness_seconds';
    metric(name, 'histogram', 'How late events left, against their schedule.', [
      ...LATENESS_BUCKETS.map((ms): [string, number] => [
        `_bucket{le="${ms / 1e3}"}`,
        lateness.countUpTo(ms),
      ]),
      ['_bucket{le="+Inf"}', lateness.count],
      ['_sum', lateness.sumMs / 1e3],
      ['_count', lateness.count],
    ]);
    return `${lines.join('\n')}\n`;
  }
}
