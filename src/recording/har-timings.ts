import type { CloseInfo, Marks } from '../client/records.ts';
import { toMicroseconds } from '../stats/microseconds.ts';

interface HarTimings {
  timings: Readonly<Record<string, number>>;
  /** Sum of the phases. */
  time: number;
}

/** The phases between the marks, in milliseconds; -1 for those that there were not. `ssl` is a part of `connect`. */
export function harTimings({ marks }: Pick<CloseInfo, 'marks'>): HarTimings {
  const { start, dns, tcp, tls, end = start } = marks;
  const connected = tls ?? tcp;
  const asks = marks.sent !== undefined || marks.headers !== undefined || connected !== undefined;
  const phases = asks ? exchangePhases(marks, connected ?? dns ?? start) : unconnected(marks, end);
  const ssl = tls === undefined || tcp === undefined ? -1 : tls - tcp;
  const all = { blocked: -1, ...phases };
  const time = Object.values(all).reduce((sum, each) => sum + Math.max(0, each), 0);
  const rounded = Object.entries({ ...all, ssl }).map(([name, ms]) => [name, toMicroseconds(ms)]);
  return { timings: Object.fromEntries(rounded), time: toMicroseconds(time) };
}

/** @param ready when it could be asked */
function exchangePhases({ start, dns, tcp, tls, sent, headers, end = start }: Marks, ready: number) {
  const asked = sent ?? ready;
  const answered = headers ?? end;
  return {
    dns: dns === undefined ? -1 : dns - start,
    connect: (tls ?? tcp) === undefined ? -1 : ready - (dns ?? start),
    send: Math.max(0, asked - ready),
    wait: Math.max(0, answered - asked),
    receive: Math.max(0, end - answered),
  };
}

/** Nothing was ever asked: all of the time went into finding the host, or reaching it. */
function unconnected({ start, dns }: Marks, end: number) {
  const exchange = { send: 0, wait: 0, receive: 0 };
  if (dns === undefined) return { dns: end - start, connect: -1, ...exchange };
  return { dns: dns - start, connect: end - dns, ...exchange };
}
