import { monotonicMs } from '../../client/clock.ts';
import { listen } from '../../mock/http/listener.ts';
import { newProbeToken } from './probe-token.ts';
import { grantedBy, grantsBy } from './script-grants.ts';
import { serveVisit } from './serve-visit.ts';
import type { Origin } from './visit.ts';
import { VisitLog } from './visit-log.ts';

/** Where the origin listens: where the proxy already points. */
export interface OriginPlace {
  host: string;
  /** 0: any free one. */
  port: number;
}

/**
 * Starts the instrumented origin in this process: it does what the script in a request says, and remembers what it saw.
 * HTTP/1.1, and HTTP/2 by prior knowledge, on one port. It obeys scripts of this run alone: whoever else reaches its port gets
 * no stream: 200 and a line of text where they look whether it lives, else 404.
 *
 * @throws SseKitError exit 2 where it can't listen
 */
export async function startOrigin({ host, port }: OriginPlace): Promise<Origin> {
  const log = new VisitLog(monotonicMs);
  const token = newProbeToken();
  const isSigned = grantedBy(token, monotonicMs);
  const listener = await listen(
    { host, port, http2: true },
    {
      exchange: (exchange) => serveVisit(exchange, log, isSigned),
      malformed: ({ speaks }) => log.strayed({ speaks: speaks ?? 'else' }),
    },
  );
  return {
    url: listener.url,
    clock: { aheadMs: 0, uncertaintyMs: 0 },
    sign: grantsBy(token, monotonicMs),
    visits: async (key) => log.of(key),
    strays: async () => [...log.strays],
    async close() {
      const closed = listener.close();
      listener.closeAll();
      await closed;
    },
  };
}
