import { monotonicMs } from '../../client/clock.ts';
import { connect } from '../../client/connector.ts';
import { SseKitError } from '../../client/errors.ts';
import { utf8AsLatin1 } from '../../client/headers.ts';
import { Http2Session } from '../../client/http2-session.ts';
import type { StreamRequest } from '../../client/request.ts';

/** A stream on it, as far as it has come. */
export interface Http2Stream {
  readonly startedAt: number;
  /** Of the answer. */
  status?: number;
  /** Of the body. */
  firstByteAt?: number;
  /** Leaves, with RST_STREAM and CANCEL. */
  cancel(): void;
}

/** An HTTP/2 connection whose streams are started by hand: as many as are wanted, and some that nobody reads. */
export class Http2Connection {
  readonly #session: Http2Session;

  constructor(session: Http2Session) {
    this.#session = session;
  }

  /** Streams at a time that the other side allows; `undefined` where it has not said so. */
  get allowed(): number | undefined {
    return this.#session.allowed;
  }

  /** @param reading `none`: the stream's window closes, and no byte of it is looked at */
  start({ method, url, headers, body }: StreamRequest, reading: 'all' | 'none' = 'all'): Http2Stream {
    const wireHeaders = headers.map(([name, value]) => [name, utf8AsLatin1(value)] as const);
    const exchange = this.#session.start(
      { method, url, headers: wireHeaders, body },
      {
        sent() {},
        head({ status }) {
          stream.status = status;
        },
        data(_bytes, at) {
          stream.firstByteAt ??= at;
        },
        end() {},
      },
    );
    const stream: Http2Stream = { startedAt: monotonicMs(), cancel: () => exchange.destroy() };
    if (reading === 'none') exchange.pause();
    return stream;
  }

  close(): void {
    this.#session.destroy();
  }
}

/** Who has not sent its settings by then counts as one who allows any number. */
const SETTINGS_MS = 3_000;

/**
 * Opens one along a way that is known to speak HTTP/2, and waits for the other side's settings.
 *
 * @param streams how many are to be started, which the connection's window has room for
 * @throws SseKitError as for any request that can't connect; `ABORTED` when the signal aborts before
 */
export function openHttp2(
  request: StreamRequest,
  streams: number,
  signal: AbortSignal,
): Promise<Http2Connection> {
  return new Promise((resolve, reject) => {
    const now = monotonicMs();
    let timer: NodeJS.Timeout | undefined;
    let end = () => connecting.cancel();
    const leave = () => {
      clearTimeout(timer);
      end();
      reject(new SseKitError('ABORTED', 130, 'interrupted while connecting'));
    };
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      act();
    };
    const connecting = connect(request.url, request.connection, {
      marks: { planned: now, start: now },
      done(error, connection) {
        if (connection === undefined) return settle(() => reject(error));
        const ready = () => settle(() => resolve(new Http2Connection(session)));
        const session = new Http2Session(connection, request.url.origin, streams, {
          settled: ready,
          lost: ready,
          left() {},
        });
        end = () => session.destroy();
        timer = setTimeout(ready, SETTINGS_MS);
      },
    });
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}
