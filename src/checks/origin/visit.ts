import type { HeaderPair } from '../../client/records.ts';

/** A request as the origin got it. */
export interface SeenRequest {
  method: string;
  target: string;
  httpVersion: '1.0' | '1.1' | '2';
  /** In order, names in the case that they came in (HTTP/2: lower). */
  headers: readonly HeaderPair[];
}

/** What came over a connection in place of a request. */
export interface NoRequest {
  /** `PROXY`: the protocol of that name. */
  speaks: 'TLS' | 'PROXY' | 'else';
}

/** What came to the origin, and was no request of a probe. */
export type Stray = SeenRequest | NoRequest;

/** What the origin saw of one request, from its head to the end of its connection. Times: its monotonic milliseconds. */
export interface Visit {
  /** Of the answer. */
  uid: string;
  /** Of the script. */
  key: string;
  request: SeenRequest;
  /** Address and port that it came from: `127.0.0.1:51234`. */
  peer?: string;
  /** Which connection carried it, from 1. */
  connection: number;
  /** Which of the requests on it this was, from 1. */
  nth: number;
  atMs: number;
  /** First byte of the request's body, and its end. */
  bodyFromMs?: number;
  bodyToMs?: number;
  /** The head was handed to the kernel. */
  headAtMs?: number;
  /** Bytes of the body that the connection has taken so far. */
  bytesTaken: number;
  /** The request is over: the script had come to its end (`script`), or the other side had left before (`left`). */
  end?: { by: 'script' | 'left'; atMs: number };
}

/** The origin as whoever measures sees it, in this process or on another machine. */
export interface Origin {
  /** Where it is reached without the proxy; with a closing slash. */
  readonly url: string;
  /** It runs on another machine. */
  readonly remote?: true;
  /** So many are open to ask what it saw, beside those of the probes; none unless given. */
  readonly connections?: number;
  /** Signs the text of a script, for some minutes: the origin obeys no other. */
  readonly sign: (script: string) => string;
  /** What the origin's clock says, less what ours does; milliseconds, and how far that may be off. */
  readonly clock: { aheadMs: number; uncertaintyMs: number };
  /** The visits of a measurement so far, in the order that they came. */
  visits(key: string): Promise<readonly Visit[]>;
  /**
   * All so far that carried no script that is obeyed: what a proxy asks by itself, what went astray, and what was no request.
   * Most recent last, at most 100.
   */
  strays(): Promise<readonly Stray[]>;
  /** Ends what is open, and stops listening. */
  close(): Promise<void>;
}
