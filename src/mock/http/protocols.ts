import type { Socket } from 'node:net';
import type { ServerCertificate } from './certificate.ts';
import type { Arrivals, Http1Server } from './http1-server.ts';
import { failedHandshake } from './malformed.ts';

export interface ProtocolOptions {
  /** Speak TLS, with this certificate. */
  tls?: ServerCertificate | undefined;
  /** HTTP/2 beside HTTP/1.1 on the one port: by ALPN over TLS, by prior knowledge in the clear. */
  http2?: boolean | undefined;
}

/** What is spoken on the connections of a server. What `Http1Server` speaks, it closes. */
export interface Protocols {
  accept(raw: Socket): void;
  close(): void;
  closeIdle(): void;
  closeAll(): void;
}

/**
 * Modules are loaded by the servers that need them.
 *
 * @throws SseKitError `TLS_SETUP` (exit 2) where the certificate can't be used
 */
export async function protocolsOf(
  { tls, http2 }: ProtocolOptions,
  http1: Http1Server,
  arrivals: Arrivals,
  timeoutMs: number,
): Promise<Protocols> {
  const two = http2 ? new (await import('./http2-server.ts')).Http2Server(timeoutMs, arrivals) : undefined;
  if (tls === undefined && two === undefined) return { ...NOTHING, accept: (raw) => http1.accept(raw, raw) };
  const first = tls === undefined ? await prefaceReader() : await tlsServer(tls);
  return {
    accept: (raw) => first.accept(raw),
    close: () => two?.close(),
    closeIdle: () => first.closeAll(),
    closeAll() {
      first.closeAll();
      two?.closeAll();
    },
  };

  async function prefaceReader() {
    const { PrefaceReader } = await import('./preface.ts');
    return new PrefaceReader(timeoutMs, {
      http1: (socket) => http1.accept(socket, socket),
      http2: (socket) => two?.accept(socket, socket),
    });
  }

  async function tlsServer(certificate: ServerCertificate) {
    const { TlsServer } = await import('./tls-server.ts');
    const names = two === undefined ? ['http/1.1'] : ['h2', 'http/1.1'];
    return new TlsServer(certificate, names, timeoutMs, {
      secured(socket, raw) {
        if (socket.alpnProtocol === 'h2' && two !== undefined) two.accept(socket, raw);
        else http1.accept(socket, raw);
      },
      failed(error) {
        const malformed = failedHandshake(error);
        if (malformed !== undefined) arrivals.malformed(malformed);
      },
    });
  }
}

const NOTHING = { close() {}, closeIdle() {}, closeAll() {} };
