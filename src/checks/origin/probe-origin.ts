import { listen } from '../../mock/http/listener.ts';
import { wallAnchoredMs } from './anchored-clock.ts';
import type { OriginPlace } from './own-origin.ts';
import { grantedBy } from './script-grants.ts';
import { isControl, serveControl } from './serve-control.ts';
import { serveVisit } from './serve-visit.ts';
import { VisitLog } from './visit-log.ts';

/** Where it listens, and who may use it. */
export interface ProbeOriginOptions extends OriginPlace {
  /** Whoever knows it may read the log, and sign scripts. */
  token: string;
  /** Of this program. */
  version: string;
}

/** An origin for a check that runs on another machine. */
export interface ProbeOrigin {
  /** With a closing slash. */
  readonly url: string;
  readonly port: number;
  /** Ends what is open, and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts an instrumented origin that others measure with: it obeys scripts that are signed with the token, and tells those
 * who know it what it saw. Strangers get a line of text, as health checks need it, or 404: an origin behind a public name must
 * not say what anybody wants it to.
 *
 * @throws SseKitError exit 2 where it can't listen
 */
export async function startProbeOrigin(options: ProbeOriginOptions): Promise<ProbeOrigin> {
  const { host, port, token, version } = options;
  const log = new VisitLog(wallAnchoredMs());
  const isSigned = grantedBy(token, () => log.now());
  const listener = await listen(
    { host, port, http2: true },
    {
      exchange: (exchange) => {
        if (isControl(exchange)) serveControl(exchange, { log, token, version });
        else serveVisit(exchange, log, isSigned);
      },
      malformed: ({ speaks }) => log.strayed({ speaks: speaks ?? 'else' }),
    },
  );
  return {
    url: listener.url,
    port: listener.port,
    async close() {
      const closed = listener.close();
      listener.closeAll();
      await closed;
    },
  };
}
