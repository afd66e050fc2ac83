import { monotonicMs } from './clock.ts';
import type { ConnectHooks, Connection, SharedStreams } from './connector.ts';
import type { SseKitError } from './errors.ts';
import type { Exchange, ExchangeHandler, RequestHead, TransferEnd } from './exchange.ts';

interface Cancellable {
  cancel(): void;
}

/** A stream's place on a connection that is shared: it waits, is given the connection, and starts there. */
export class Place implements SharedStreams, Cancellable {
  readonly hooks: ConnectHooks;
  /** Gives the place back, while it is held and no stream has started on it. */
  private giveBack: ((place: Place) => void) | undefined;
  private streams: SharedStreams | undefined;
  /** What is waited for instead. */
  private elsewhere: Cancellable | undefined;

  constructor(hooks: ConnectHooks, giveBack: (place: Place) => void) {
    this.hooks = hooks;
    this.giveBack = giveBack;
  }

  give(connection: Connection, streams: SharedStreams): void {
    this.streams = streams;
    this.hooks.done(undefined, { ...connection, shared: this });
  }

  start(request: RequestHead, handler: ExchangeHandler): Exchange {
    if (this.streams === undefined) throw new Error('nothing was given to start on');
    const exchange = this.streams.start(request, handler);
    // From here on it is the exchange that leaves.
    this.giveBack = undefined;
    return exchange;
  }

  /** The connection broke before the stream could start: what it starts ends like the connection. */
  giveBroken(connection: Connection, end: TransferEnd): void {
    this.giveBack = undefined;
    this.give(connection, { start: (_request, handler) => new BrokenExchange(end, handler) });
  }

  /** The connection is the stream's own after all. */
  giveWhole(connection: Connection): void {
    this.giveBack = undefined;
    this.hooks.done(undefined, connection);
  }

  move(join: (hooks: ConnectHooks) => Cancellable): void {
    this.giveBack = undefined;
    this.elsewhere = join(this.hooks);
  }

  fail(error: SseKitError): void {
    this.giveBack = undefined;
    this.hooks.done(error);
  }

  cancel(): void {
    this.elsewhere?.cancel();
    this.giveBack?.(this);
    this.giveBack = undefined;
  }
}

/** A request that a connection could not take any more. */
class BrokenExchange implements Exchange {
  private readonly ending: NodeJS.Immediate;

  constructor(end: TransferEnd, handler: ExchangeHandler) {
    const at = monotonicMs();
    this.ending = setImmediate(() => handler.end(end, at));
  }

  pause(): void {}

  resume(): void {}

  destroy(): void {
    clearImmediate(this.ending);
  }
}
