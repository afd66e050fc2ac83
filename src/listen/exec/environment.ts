import type { SseEvent } from '../../sse/sink.ts';

/** Longest value: Linux takes 128 KB for a variable, and about a megabyte for all of them. */
const LONGEST_VALUE_BYTES = 64 * 1024;

/**
 * What a command finds of its event in its environment. A variable is unset where the event has no such field, where
 * its value is longer than 64 KB, and where it holds a NUL, which no environment can carry; `SSE_DATA_BYTES` is always
 * there, and standard input has the data whatever it is.
 *
 * @param n number of the event in the run, from 1
 */
export function eventEnvironment(event: SseEvent, n: number): NodeJS.ProcessEnv {
  const { data, id, lastEventId } = event;
  // Undefined ones are unset also where ssekit was itself started with them, by another run's --exec.
  return {
    SSE_N: String(n),
    SSE_EVENT: asValue(event.event),
    SSE_ID: id === undefined ? undefined : asValue(id),
    SSE_LAST_EVENT_ID: lastEventId === '' ? undefined : asValue(lastEventId),
    SSE_DATA: asValue(data),
    SSE_DATA_BYTES: String(Buffer.byteLength(data)),
  };
}

function asValue(text: string): string | undefined {
  // A character takes one byte at least: most that is too long need not be measured.
  const tooLong = text.length > LONGEST_VALUE_BYTES || Buffer.byteLength(text) > LONGEST_VALUE_BYTES;
  return tooLong || text.includes('\0') ? undefined : text;
}
