import { RequestError } from '../request.ts';
import type { ReportedEvent } from './observed.ts';

/**
 * Reads what an adapter says of one event: `{"event": …, "data": …, "lastEventId": …, "n": …}`. All but `data` may be
 * left out or null.
 *
 * @throws RequestError 400
 */
export function parseReport(body: Uint8Array): { event: ReportedEvent; n: number | undefined } {
  const value = parseObject(body);
  const { data, event, lastEventId, n } = value;
  if (typeof data !== 'string') throw wrong('"data" must be a string');
  if (!isAbsent(event) && typeof event !== 'string') throw wrong('"event" must be a string');
  if (!isAbsent(lastEventId) && typeof lastEventId !== 'string') {
    throw wrong('"lastEventId" must be a string');
  }
  if (!isAbsent(n) && !(Number.isSafeInteger(n) && Number(n) >= 1)) {
    throw wrong('"n" must be the number of the event in its case, from 1');
  }
  return {
    event: {
      event: typeof event === 'string' && event !== '' ? event : 'message',
      data,
      ...(typeof lastEventId === 'string' ? { lastEventId } : {}),
    },
    n: isAbsent(n) ? undefined : Number(n),
  };
}

function parseObject(body: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below, as of every other body that is no object.
  }
  throw wrong('the body must be a JSON object: {"event":"message","data":"…","lastEventId":"…"}');
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function wrong(message: string): RequestError {
  return new RequestError(400, message);
}
