/**
 * undici's HTTP/1.1 client without the rest of undici (the index takes 38 ms longer to load), as far as it is
 * used here. The package has no `exports` map and its version is pinned.
 */
declare module 'undici/lib/dispatcher/client.js' {
  import type { Socket } from 'node:net';

  export interface DispatchHandler {
    onConnect(abort: (error?: Error) => void): void;
    onResponseStarted?(): void;
    onRequestSent?(): void;
    onHeaders(status: number, headers: Buffer[], resume: () => void, statusText: string): boolean;
    onData(chunk: Buffer): boolean;
    onComplete(trailers: Buffer[]): void;
    onError(error: Error): void;
  }

  export interface DispatchOptions {
    method: string;
    path: string;
    headers: string[];
    body?: Uint8Array | null;
  }

  export interface ClientOptions {
    connect: (options: unknown, done: (error: Error | null, socket?: Socket) => void) => void;
    headersTimeout: number;
    bodyTimeout: number;
    maxHeaderSize: number;
  }

  export default class Client {
    constructor(origin: string, options: ClientOptions);
    dispatch(options: DispatchOptions, handler: DispatchHandler): boolean;
    destroy(error?: Error | null): Promise<void>;
  }
}
