import type { IncomingHttpHeaders } from 'node:http';
import type { Random } from '../stats/random.ts';

/** What handlers know of a request, whatever protocol brought it. */
export interface MockRequest {
  readonly method: string;
  /** Decoded; begins with a slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion: '1.0' | '1.1' | '2';
  readonly secure: boolean;
  /** Who asks: `?client=`, else the remote address. */
  readonly client: string;
  readonly remoteAddress: string;
  /** From 1, per route and client: a reconnecting client counts up. */
  readonly connection: number;
  /** Parts of the path that the route's pattern names. */
  readonly params: Readonly<Record<string, string>>;
  /** Who the token belongs to, where the route asks for one. */
  readonly user: string | undefined;
  /** The header's text, else `?lastEventId=`, else ''. */
  readonly lastEventId: string;
  /** Draws of this connection alone, the same for the same seed. */
  readonly random: Random;
  /**
   * The whole body.
   *
   * @throws RequestError 413 past the limit (`--max-payload`)
   */
  body(): Promise<Buffer>;
  /** Calls back once when the client goes before it has its answer; at once, where it has gone. */
  onLeave(callback: () => void): void;
}

/** A request that can't be served as it is: becomes a JSON answer `{"error": message}` of that status. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}
