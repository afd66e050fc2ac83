import { SseKitError } from '../../client/errors.ts';
import type { HeaderPair } from '../../client/records.ts';
import type { StreamRequest } from '../../client/request.ts';
import { answerIn } from '../raw/answer-heads.ts';
import { openRaw } from '../raw/raw-exchange.ts';
import { type Identified, identifyByName } from './identify.ts';
import { NO_CHAIN } from './links.ts';

/** No more is asked of somebody who doesn't answer what else he is asked. */
export const MOST_NAME_REQUESTS = 2;
const ANSWER_MS = 2_000;

/** Nobody serves it: a proxy that sends it on sends on what ends at once. */
const NOWHERE = '/ssekit-who-is-between';

/** Whom a held answer doesn't name, by answers that hold nothing: at most two requests, without the headers of the user's. */
export async function whoAnswers(
  request: StreamRequest,
  { origins = [], signal }: { origins?: readonly HeaderPair[]; signal: AbortSignal },
): Promise<Identified> {
  const { pathname, host } = request.url;
  // Whoever takes it answers 400 himself (RFC 9112 §3.2), so that his name is not the application's.
  const unnamed = `GET ${pathname} HTTP/1.1\r\nConnection: close\r\n\r\n`;
  const nowhere = `HEAD ${NOWHERE} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  for (const text of [unnamed, nowhere].slice(0, MOST_NAME_REQUESTS)) {
    const answered = await headersOf(text, request, signal);
    if (answered === undefined) break;
    const told = identifyByName(answered.filter((pair) => !origins.some((own) => isSame(own, pair))));
    if (told.hops.length > 0) return told;
  }
  return { hops: [], chain: NO_CHAIN, absent: [] };
}

/** @returns none of who closes without an answer; nothing where he keeps silent, as he will when he is asked again */
async function headersOf(
  text: string,
  request: StreamRequest,
  signal: AbortSignal,
): Promise<readonly HeaderPair[] | undefined> {
  try {
    const exchange = await openRaw(request, signal);
    exchange.write(text);
    const isAnswered = () => answerIn(exchange.reads).head !== undefined || exchange.end !== undefined;
    const isOver = await exchange.until(isAnswered, ANSWER_MS, signal);
    exchange.close();
    return isOver ? (answerIn(exchange.reads).head?.headers ?? []) : undefined;
  } catch (error) {
    // Who can't be reached by hand has no name.
    if (error instanceof SseKitError) return undefined;
    throw error;
  }
}

/** Names differ in case from one version of HTTP to the other. */
function isSame([oneName, oneValue]: HeaderPair, [name, value]: HeaderPair): boolean {
  return oneName.toLowerCase() === name.toLowerCase() && oneValue === value;
}
