import { fingerprintOf } from './fingerprint.ts';
import type { RecordedEvent } from './received.ts';

type Column = Float64Array;

const FIRST_SIZE = 1024;

/** What is kept of the events of a run from some event on: 56 bytes each, their data left in the file. */
export class RunIndex {
  content: Column = new Float64Array(FIRST_SIZE);
  identity: Column = new Float64Array(FIRST_SIZE);
  value: Column = new Float64Array(FIRST_SIZE);
  shape: Column = new Float64Array(FIRST_SIZE);
  /** Times, in milliseconds since the start of the run. */
  t: Column = new Float64Array(FIRST_SIZE);
  /** Numbers of connections, from 1. */
  conn: Column = new Float64Array(FIRST_SIZE);
  /** Their own numbers, from 1. */
  n: Column = new Float64Array(FIRST_SIZE);
  count = 0;

  add(event: RecordedEvent): void {
    if (this.count === this.content.length) this.#grow();
    const { content, identity, value, shape } = fingerprintOf(event);
    const at = this.count;
    this.content[at] = content;
    this.identity[at] = identity;
    this.value[at] = value;
    this.shape[at] = shape;
    this.t[at] = event.t;
    this.conn[at] = event.conn;
    this.n[at] = event.n;
    this.count++;
  }

  #grow(): void {
    this.content = doubled(this.content);
    this.identity = doubled(this.identity);
    this.value = doubled(this.value);
    this.shape = doubled(this.shape);
    this.t = doubled(this.t);
    this.conn = doubled(this.conn);
    this.n = doubled(this.n);
  }
}

function doubled(column: Column): Column {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}
