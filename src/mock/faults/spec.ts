/** One fault as it was asked for: `conn:N:KIND[=VALUE]@WHEN`, parsed and checked. */
export interface FaultSpec {
  kind: string;
  /** Milliseconds, bytes, a status …: what the kind makes of its VALUE. */
  value?: number | string;
  when?: Trigger;
  /** Only on this connection of a client, from 1. */
  connection?: number;
  /** As it was written. */
  text: string;
}

export type Trigger =
  | { kind: 'event'; n: number }
  | { kind: 'byte'; offset: number }
  | { kind: 'time'; ms: number }
  | { kind: 'every'; n: number }
  /** Per event, 0 to 1. */
  | { kind: 'chance'; p: number };
