import { type Connect, type ConnectHooks, type Connection, connect } from './connector.ts';
import type { SseKitError } from './errors.ts';
import type { TransferEnd } from './exchange.ts';
import { connectTimeout } from './failures.ts';
import { authority } from './host.ts';
import type { Http2Session } from './http2-session.ts';
import type { Marks } from './records.ts';
import type { ConnectionOptions } from './request.ts';
import { Place } from './shared-place.ts';

/**
 * HTTP/2 connections that several streams share: up to so many of one origin and one source address, and no more than the
 * peer allows. The stream for which a connection was made alone has the marks of its making. A server that turns out to
 * speak HTTP/1.1 gets a connection for each stream.
 *
 * @param streamsEach streams on a connection at a time, at least 1
 * @returns as `connect`; every request has the same connection options
 */
export function sharedConnections(streamsEach: number): Connect {
  const groups = new Map<string, Group>();
  return (url, options, hooks) => {
    const maySpeakHttp2 =
      options.http === '2-prior-knowledge' || (url.protocol === 'https:' && options.http !== '1.1');
    if (!maySpeakHttp2) return connect(url, options, hooks);
    const key = `${url.origin} ${hooks.localAddress ?? ''}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = new Group(url, options, streamsEach, () => groups.delete(key));
      groups.set(key, group);
    }
    return group.join(hooks);
  };
}

/** The connections to one origin from one source address. */
class Group {
  readonly url: URL;
  readonly options: ConnectionOptions;
  readonly streamsEach: number;
  /** Those on which there is room. */
  private readonly roomy = new Set<SharedConnection>();
  private connections = 0;
  private speaksHttp1 = false;
  private readonly onEmpty: () => void;

  constructor(url: URL, options: ConnectionOptions, streamsEach: number, onEmpty: () => void) {
    this.url = url;
    this.options = options;
    this.streamsEach = streamsEach;
    this.onEmpty = onEmpty;
  }

  join(hooks: ConnectHooks): { cancel(): void } {
    if (this.speaksHttp1) return this.connectAlone(hooks);
    for (const connection of this.roomy) return connection.join(hooks);
    this.connections++;
    return new SharedConnection(this, hooks).join(hooks);
  }

  connectAlone(hooks: ConnectHooks): { cancel(): void } {
    return connect(this.url, this.options, hooks);
  }

  foundHttp1(): void {
    this.speaksHttp1 = true;
  }

  hasRoom(connection: SharedConnection): void {
    this.roomy.add(connection);
  }

  hasNoRoom(connection: SharedConnection): void {
    this.roomy.delete(connection);
  }

  gone(connection: SharedConnection): void {
    this.roomy.delete(connection);
    this.connections--;
    // That a server speaks HTTP/1.1 is worth remembering.
    if (this.connections === 0 && !this.speaksHttp1) this.onEmpty();
  }
}

/** A connection from the moment that it is being made. Streams take a place on it before they can start. */
class SharedConnection {
  private readonly group: Group;
  /** Whoever had it made, until the marks were told. */
  private maker: ConnectHooks | undefined;
  private readonly marks: Marks;
  private readonly connecting: { cancel(): void };
  private connection: Connection | undefined;
  private session: Http2Session | undefined;
  /** For the connection, or for the peer's word on how many streams it allows. */
  private readonly waiting = new Set<Place>();
  /** Streams that have been given the connection. */
  private admitted = 0;
  private settingsTimer: NodeJS.Timeout | undefined;
  /** The peer did not say in time how many streams it allows. */
  private silent = false;
  private over = false;

  constructor(group: Group, maker: ConnectHooks) {
    this.group = group;
    this.maker = maker;
    this.marks = { planned: maker.marks.planned, start: maker.marks.start };
    this.connecting = group.connectAlone({
      marks: this.marks,
      localAddress: maker.localAddress,
      trace: maker.trace,
      done: (error, connection) => {
        this.tellMaker();
        if (error !== undefined) this.fail(error);
        else if (connection?.protocol === 'h1') this.giveToOne(connection);
        else if (connection !== undefined) this.share(connection);
      },
    });
  }

  join(hooks: ConnectHooks): Place {
    const place = new Place(hooks, (left) => this.leave(left));
    this.waiting.add(place);
    this.noteRoom();
    // Nobody is told within the call.
    if (this.session !== undefined) queueMicrotask(() => this.admit());
    return place;
  }

  private leave(place: Place): void {
    if (!this.waiting.delete(place)) this.admitted--;
    if (this.maker === place.hooks) this.tellMaker();
    this.afterLeaving();
  }

  private afterLeaving(): void {
    if (this.over) return;
    if (this.admitted === 0 && this.waiting.size === 0) this.end();
    else this.noteRoom();
  }

  private noteRoom(): void {
    const accepting = !this.over && !this.silent && (this.session?.accepting ?? true);
    if (accepting && this.admitted + this.waiting.size < this.limit) this.group.hasRoom(this);
    else this.group.hasNoRoom(this);
  }

  /** A peer that allows none at all gets one, which waits for its permission. */
  private get limit(): number {
    return Math.max(1, Math.min(this.group.streamsEach, this.session?.allowed ?? Number.POSITIVE_INFINITY));
  }

  /** How the connection was made is told where it was waited for, as far as it has come. */
  private tellMaker(): void {
    const { dns, tcp, tls } = this.marks;
    if (this.maker !== undefined) {
      Object.assign(this.maker.marks, {
        ...(dns === undefined ? {} : { dns }),
        ...(tcp === undefined ? {} : { tcp }),
        ...(tls === undefined ? {} : { tls }),
      });
    }
    this.maker = undefined;
  }

  /** It speaks HTTP/1.1, which has no place for a second stream. */
  private giveToOne(connection: Connection): void {
    this.group.foundHttp1();
    const [first, ...others] = this.takeWaiting();
    this.end('kept');
    first?.giveWhole(connection);
    for (const place of others) place.move((hooks) => this.group.connectAlone(hooks));
  }

  /** node:http2 takes its time to load: the connection may break meanwhile. */
  private share(connection: Connection): void {
    this.connection = connection;
    let broken: Error | undefined;
    const onEarlyError = (error: Error) => {
      broken ??= error;
    };
    connection.socket.on('error', onEarlyError);
    import('./http2-session.ts')
      .then((http2) => {
        if (this.over) return;
        connection.socket.off('error', onEarlyError);
        if (broken !== undefined) return this.lose({ kind: 'reset', cause: broken });
        this.session = new http2.Http2Session(connection, this.group.url.origin, this.group.streamsEach, {
          settled: () => {
            clearTimeout(this.settingsTimer);
            this.admit();
          },
          draining: () => this.moveWaiting(),
          lost: (end) => this.lose(end),
          left: () => {
            this.admitted--;
            this.afterLeaving();
          },
        });
        this.limitWait(connection);
        this.admit();
      })
      .catch((error: unknown) => {
        // A defect of ours is not to be taken for a failing stream.
        queueMicrotask(() => {
          throw error;
        });
      });
  }

  /** The peer's settings are part of the connection's making, and have its time limit. */
  private limitWait({ route }: Connection): void {
    const { connectTimeoutMs } = this.group.options;
    if (connectTimeoutMs <= 0) return;
    const error = connectTimeout(
      'waiting for the settings of HTTP/2',
      authority(route.endpoint),
      connectTimeoutMs,
    );
    this.settingsTimer = setTimeout(() => {
      this.silent = true;
      this.fail(error);
    }, connectTimeoutMs);
  }

  /** One stream may start at once; for more the peer's settings are waited for (RFC 9113 §5.1.2). */
  private admit(): void {
    const { session, connection } = this;
    if (session === undefined || connection === undefined || !session.accepting) return;
    for (const place of this.waiting) {
      if (this.admitted > 0 && session.allowed === undefined) break;
      this.waiting.delete(place);
      if (this.admitted >= this.limit) {
        place.move((hooks) => this.group.join(hooks));
      } else {
        this.admitted++;
        place.give(connection, session);
      }
    }
    this.noteRoom();
  }

  private moveWaiting(): void {
    this.noteRoom();
    for (const place of this.takeWaiting()) place.move((hooks) => this.group.join(hooks));
    this.afterLeaving();
  }

  /** The connection broke: streams that wait for it end as if they had started. */
  private lose(end: TransferEnd): void {
    const { connection } = this;
    this.noteRoom();
    clearTimeout(this.settingsTimer);
    if (connection === undefined) return;
    for (const place of this.takeWaiting()) place.giveBroken(connection, end);
    this.afterLeaving();
  }

  /** The connection could not be made. */
  private fail(error: SseKitError): void {
    const all = this.takeWaiting();
    if (this.admitted === 0) this.end();
    else this.noteRoom();
    for (const place of all) place.fail(error);
  }

  private takeWaiting(): Place[] {
    const all = [...this.waiting];
    this.waiting.clear();
    return all;
  }

  private end(socket: 'closed' | 'kept' = 'closed'): void {
    this.over = true;
    clearTimeout(this.settingsTimer);
    this.group.gone(this);
    if (socket === 'kept') return;
    if (this.session === undefined) this.connecting.cancel();
    else this.session.destroy();
  }
}
