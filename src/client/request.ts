import type { HeaderPair } from './records.ts';

/** Which protocol is spoken: `auto` is HTTP/2 where TLS offers it by ALPN, else HTTP/1.1. */
export type HttpVersion = 'auto' | '1.1' | '2' | '2-prior-knowledge';

/** `--resolve host:port:addr[,addr]`; a host or port of `*` matches any. */
export interface ResolveRule {
  host: string;
  port: string;
  addresses: readonly string[];
}

/** `--connect-to host:port:newHost:newPort`; an empty part matches, or keeps, anything. */
export interface ConnectToRule {
  host: string;
  port: string;
  toHost: string;
  toPort: string;
}

/** Which proxy serves which scheme, and which hosts go without one. */
export interface ProxyRules {
  /** For `http:` targets; user and password in the URL become `Proxy-Authorization`. */
  http?: URL;
  /** For `https:` targets, by CONNECT. */
  https?: URL;
  /** Hosts reached directly, as in `NO_PROXY`: names, suffixes, addresses, CIDR ranges, `*`; an optional `:port`. */
  noProxy: readonly string[];
}

export interface TlsOptions {
  /** PEM of certificates to trust, replacing the built-in ones. */
  ca?: readonly string[];
  /** PEM of certificates to trust beside the built-in ones. */
  extraCa?: readonly string[];
  cert?: string;
  key?: string;
  passphrase?: string;
  /** `-k`: accept a certificate that can't be verified. */
  insecure: boolean;
}

/** How connections are made: the same for every attempt of a run. */
export interface ConnectionOptions {
  http: HttpVersion;
  /** 0: either. */
  family: 0 | 4 | 6;
  resolve: readonly ResolveRule[];
  connectTo: readonly ConnectToRule[];
  unixSocket?: string;
  proxy: ProxyRules;
  tls: TlsOptions;
  /** DNS, TCP, proxy and TLS together; 0: no limit. */
  connectTimeoutMs: number;
}

/** One stream to ask for. Flags are already parsed and validated: nothing below checks them again. */
export interface StreamRequest {
  /** Without user and password (they are an `Authorization` header by now) and without fragment. */
  url: URL;
  method: string;
  /** In order; without Host, Last-Event-ID and Content-Length, which are added when the request is sent. */
  headers: readonly HeaderPair[];
  body?: Uint8Array;
  connection: ConnectionOptions;
  maxRedirects: number;
  /** No byte for so long ends the attempt with `idle`; 0: no limit. Runs from the moment the request was sent. */
  idleTimeoutMs: number;
  maxEventSizeBytes: number;
  /** Reads an answer of any type as a stream: whoever looks at what became of one sees what comes all the same. */
  anyType?: true;
}
