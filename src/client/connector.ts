import { lookup } from 'node:dns';
import { isIP, type LookupFunction, Socket, type SocketConnectOpts } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { monotonicMs } from './clock.ts';
import { DirectSocket } from './direct-socket.ts';
import { SseKitError } from './errors.ts';
import type { Exchange, ExchangeHandler, RequestHead } from './exchange.ts';
import { connectFailure, connectTimeout, tlsFailure } from './failures.ts';
import { authority } from './host.ts';
import type { Marks } from './records.ts';
import type { ConnectionOptions } from './request.ts';
import { type Endpoint, type Route, routeTo } from './route.ts';
import type * as TlsModule from './tls.ts';
import { openTunnel } from './tunnel.ts';

/** An established connection to the server (or to a forwarding proxy), on which no request was sent yet. */
export interface Connection {
  socket: Socket | TLSSocket;
  /** The TCP connection (or unix socket) below; the same as `socket` where there is no TLS. */
  tcp: Socket;
  protocol: 'h1' | 'h2';
  route: Route;
  /** Where the connection is shared: its socket is not the stream's to close. */
  shared?: SharedStreams;
}

/** A connection on which several streams can start. */
export interface SharedStreams {
  /** @throws SseKitError `REQUEST_INVALID` (exit 2) for headers that HTTP/2 has no place for */
  start(request: RequestHead, handler: ExchangeHandler): Exchange;
}

export interface ConnectHooks {
  /** `dns`, `tcp` and `tls` are set here, on the clock of the marks. */
  readonly marks: Marks;
  /** The address that the connection comes from; absent: the kernel chooses. */
  readonly localAddress?: string | undefined;
  /** Told of each step, where somebody wants to know. */
  readonly trace?: ((line: string) => void) | undefined;
  /** A `DirectSocket` is welcome, where the way to the server allows one. */
  readonly takesDirectReads?: boolean;
  done(error: SseKitError | undefined, connection?: Connection): void;
}

/** What makes connections: `connect`, or what shares them. */
export type Connect = typeof connect;

/**
 * Connects to the server of `url`: resolve, TCP, proxy, TLS, each step marked, within the time limit for all of
 * them together. `done` is called once, never synchronously, and not at all after `cancel`.
 *
 * Sockets stay half-open when the peer ends its side: only then can a write tell a FIN from a RST that came in
 * the same poll as data (libuv reports both as a plain end).
 */
export function connect(url: URL, options: ConnectionOptions, hooks: ConnectHooks): { cancel(): void } {
  const connecting = new Connecting(routeTo(url, options), options, hooks);
  connecting.start();
  return connecting;
}

class Connecting {
  private socket: Socket | undefined;
  private tcp: Socket | undefined;
  private timer: NodeJS.Timeout | undefined;
  private phase = 'resolving the name';
  private finished = false;
  private readonly name: string;
  private readonly route: Route;
  private readonly options: ConnectionOptions;
  private readonly hooks: ConnectHooks;

  constructor(route: Route, options: ConnectionOptions, hooks: ConnectHooks) {
    this.route = route;
    this.options = options;
    this.hooks = hooks;
    this.name = route.unixSocket ?? authority(route.endpoint);
  }

  start(): void {
    const { connectTimeoutMs } = this.options;
    if (connectTimeoutMs > 0) {
      this.timer = setTimeout(
        () => this.fail(connectTimeout(this.phase, this.name, connectTimeoutMs)),
        connectTimeoutMs,
      );
    }
    const socket = this.openSocket();
    this.tcp = socket;
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', this.onTcpError);
    socket.once('lookup', this.onLookup);
    socket.once('connect', () => {
      // A connection that lasts for hours is not to keep what made it.
      socket.off('lookup', this.onLookup);
      this.hooks.marks.tcp = monotonicMs();
      this.trace(
        () =>
          `connected to ${this.route.unixSocket ?? `${this.name} (${socket.remoteAddress ?? 'unknown address'})`}`,
      );
      this.reachServer(socket);
    });
  }

  cancel(): void {
    this.settle();
    this.discard(this.socket);
  }

  private openSocket(): Socket {
    const { secure, proxy } = this.route;
    // TLS, a tunnel and HTTP/2 each take the reads of a socket in a way of their own.
    const isPlain = !secure && proxy?.secure !== true && this.options.http !== '2-prior-knowledge';
    const socket =
      isPlain && this.hooks.takesDirectReads ? new DirectSocket() : new Socket({ allowHalfOpen: true });
    return socket.connect(this.endpoint());
  }

  private endpoint(): SocketConnectOpts {
    const { unixSocket, endpoint } = this.route;
    if (unixSocket !== undefined) return { path: unixSocket };
    const { localAddress } = this.hooks;
    // Both ends of a connection are of one family.
    const family = localAddress === undefined ? this.options.family : (isIP(localAddress) as 4 | 6);
    return {
      host: endpoint.host,
      port: endpoint.port,
      ...(localAddress === undefined ? {} : { localAddress }),
      // The family is chosen in the look-up: given a `family`, Node would try the first address alone.
      autoSelectFamily: true,
      lookup: endpoint.addresses === undefined ? familyLookup(family) : fixedLookup(endpoint, family),
    };
  }

  /** From here on the TCP connection stands: through the proxy, if any, then TLS, if any. */
  private reachServer(socket: Socket): void {
    const { proxy } = this.route;
    if (proxy === undefined) return this.secure(socket);
    if (!proxy.secure) return this.throughProxy(socket);
    this.handshake(socket, this.route.endpoint.host, ['http/1.1'], (secured) => this.throughProxy(secured));
  }

  private throughProxy(socket: Socket): void {
    const { proxy } = this.route;
    if (proxy?.mode !== 'tunnel') return this.secure(socket);
    this.phase = `waiting for the proxy's answer to CONNECT`;
    socket.off('error', this.onTcpError);
    openTunnel(socket, proxy.name, proxy.target, proxy.authorization, (error) => {
      socket.on('error', this.onTcpError);
      if (this.finished) return;
      if (error !== undefined) return this.fail(error);
      this.trace(() => `proxy ${proxy.name} opened a tunnel to ${proxy.target}`);
      this.secure(socket);
    });
  }

  private secure(socket: Socket): void {
    const { http } = this.options;
    if (!this.route.secure) {
      return this.succeed(socket, http === '2-prior-knowledge' ? 'h2' : 'h1');
    }
    const alpn = http === '1.1' ? ['http/1.1'] : http === '2-prior-knowledge' ? ['h2'] : ['h2', 'http/1.1'];
    this.handshake(socket, this.route.serverHost, alpn, (secured) => {
      this.hooks.marks.tls = monotonicMs();
      const h2 = secured.alpnProtocol === 'h2' || http === '2-prior-knowledge';
      this.trace(
        () =>
          `TLS established: ${secured.getProtocol() ?? 'unknown version'}, ALPN ${secured.alpnProtocol || 'none'}`,
      );
      this.succeed(secured, h2 ? 'h2' : 'h1');
    });
  }

  private handshake(socket: Socket, host: string, alpn: string[], done: (secured: TLSSocket) => void): void {
    this.phase = `TLS handshake with ${host}`;
    socket.off('error', this.onTcpError);
    // While TLS runs over it, an error of the socket below is the handshake's failure too.
    const onError = (error: Error) => this.fail(tlsFailure(error, host));
    socket.on('error', onError);
    const begin = ({ startTls }: typeof TlsModule) => {
      if (this.finished) return;
      const secured = startTls(socket, host, alpn, this.options.tls);
      this.socket = secured;
      secured.on('error', onError);
      secured.once('secureConnect', () => {
        secured.off('error', onError);
        secured.on('error', this.onTcpError);
        if (!this.finished) done(secured);
      });
    };
    loadTls()
      .then(begin)
      .catch((error: unknown) => this.fail(error instanceof SseKitError ? error : tlsFailure(error, host)));
  }

  private readonly onTcpError = (error: Error): void => {
    this.fail(error instanceof SseKitError ? error : connectFailure(error, this.name));
  };

  private readonly onLookup = (): void => {
    this.hooks.marks.dns = monotonicMs();
    this.phase = 'connecting';
  };

  private trace(line: () => string): void {
    if (this.hooks.trace !== undefined) this.hooks.trace(line());
  }

  private succeed(socket: Socket, protocol: 'h1' | 'h2'): void {
    this.settle();
    socket.off('error', this.onTcpError);
    this.hooks.done(undefined, { socket, tcp: this.tcp ?? socket, protocol, route: this.route });
  }

  private fail(error: SseKitError): void {
    if (this.finished) return;
    this.settle();
    this.discard(this.socket);
    this.hooks.done(error);
  }

  private settle(): void {
    this.finished = true;
    if (this.timer !== undefined) clearTimeout(this.timer);
  }

  private discard(socket: Socket | undefined): void {
    if (socket === undefined) return;
    // What a socket says after it was given up is of no interest to anyone.
    socket.on('error', () => {});
    socket.destroy();
  }
}

function familyLookup(family: 0 | 4 | 6): LookupFunction {
  return (host, options, done) => lookup(host, { ...options, family }, done);
}

/** Answers every look-up with the addresses of `--resolve`. */
function fixedLookup(endpoint: Endpoint, family: 0 | 4 | 6): LookupFunction {
  const all = (endpoint.addresses ?? []).map((address) => ({ address, family: isIP(address) }));
  const usable = family === 0 ? all : all.filter((each) => each.family === family);
  return (_host, options, done) => {
    const [first] = usable;
    if (first === undefined) {
      process.nextTick(done, noAddressOf(family, endpoint), []);
    } else if (options.all) {
      process.nextTick(done, null, usable);
    } else {
      process.nextTick(done, null, first.address, first.family);
    }
  };
}

function noAddressOf(family: number, endpoint: Endpoint): SseKitError {
  const given = (endpoint.addresses ?? []).join(', ');
  return new SseKitError('ENOTFOUND', 6, `no IPv${family} address was given for ${authority(endpoint)}`, {
    hint: `--resolve names ${given} alone: add an IPv${family} address, or leave out -${family}`,
  });
}

let tlsModule: Promise<typeof TlsModule> | undefined;

/** node:tls takes its time to load: only streams that need it pay. */
function loadTls(): Promise<typeof TlsModule> {
  tlsModule ??= import('./tls.ts');
  return tlsModule;
}
