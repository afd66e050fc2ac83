import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import type { Exchange } from '../../../src/mock/http/incoming.ts';
import { type Listener, type ListenOptions, listen } from '../../../src/mock/http/listener.ts';
import type { Malformed } from '../../../src/mock/http/malformed.ts';

export interface Heard extends Listener {
  /** What came that was no request. */
  readonly malformed: readonly Malformed[];
}

/** A listener on a free port that goes with the test. */
export async function listening(
  test: TestContext,
  onExchange: (exchange: Exchange) => void,
  options: Partial<ListenOptions> = {},
  headTimeoutMs?: number,
): Promise<Heard> {
  const malformed: Malformed[] = [];
  const arrivals = {
    exchange: onExchange,
    malformed: (each: Malformed) => void malformed.push(each),
  };
  const listener = await listen({ host: '127.0.0.1', port: 0, ...options }, arrivals, headTimeoutMs);
  test.after(async () => {
    const closed = listener.close();
    listener.closeAll();
    await closed;
  });
  return Object.assign(listener, { malformed });
}

/** Answers whatever comes with its method and target. */
export function echo({ request, response }: Exchange): void {
  request.resume();
  const body = `${request.method} ${request.url}`;
  response.setHeader('Content-Length', body.length);
  response.end(body);
}

/** Answers with the beginning of something that has no end. */
export function begin({ request, response }: Exchange): void {
  request.resume();
  (response as ServerResponse).write('begun');
}
