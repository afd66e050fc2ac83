import { type OriginPlace, startOrigin } from '../../checks/origin/own-origin.ts';
import type { Origin } from '../../checks/origin/visit.ts';
import { leadsStraightTo } from '../../checks/reach/place-asked.ts';
import { SseKitError } from '../../client/errors.ts';
import { authority } from '../../client/host.ts';
import type { StreamRequest } from '../../client/request.ts';

/** What is known of a run whose origin can't listen. */
interface Around {
  /** The one through the proxy. */
  request: StreamRequest;
  /** The command that looks at the application that may be there instead. */
  look: string;
}

/**
 * Starts the origin at the place that `--origin` gives.
 *
 * @throws SseKitError exit 2 where it can't listen there: whose place it is, and what to do
 */
export async function startOwnOrigin(place: OriginPlace, around: Around): Promise<Origin> {
  try {
    return await startOrigin(place);
  } catch (error) {
    if (!(error instanceof SseKitError)) throw error;
    const { message, hint } = toldOf(error, place, around);
    throw new SseKitError(error.code, error.exitCode, `--origin: ${message}`, { hint, cause: error });
  }
}

function toldOf(
  { code, message }: SseKitError,
  place: OriginPlace,
  { request, look }: Around,
): { message: string; hint: string } {
  if (code !== 'EADDRINUSE') {
    return {
      message,
      hint: 'It is where the proxy sends its requests: an address of this machine, which no application listens at while the check runs.',
    };
  }
  const at = authority(place);
  if (leadsStraightTo(new URL(`http://${at}`), request)) {
    return {
      message: `${at} is the proxy's own port: the URL leads there`,
      hint: 'It is where the proxy sends its requests (proxy_pass): give the port of your application, and stop that for as long as the check runs.',
    };
  }
  return {
    message,
    hint: `Where the proxy sends its requests, ssekit listens: stop the application there for as long as the check runs. Where another proxy listens there, give the address that it sends to. Or leave --origin out, and look at it as it is: ${look}`,
  };
}
