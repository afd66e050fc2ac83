import type { HeaderPair } from '../../client/records.ts';
import type { SeenRequest } from '../origin/visit.ts';

/** One answer that came through the proxy, and what is needed to see what was done to it. */
export interface AnswerSeen {
  /** Of the answer through the proxy, and of the same one directly. */
  proxied: readonly HeaderPair[];
  direct: readonly HeaderPair[];
  /** Of HTTP/1.1 only is the case of names the sender's own. */
  clientHttp: '1.0' | '1.1' | '2';
  /** The origin had sent `X-Accel-Buffering`. */
  accelBufferingSent: boolean;
  /** The request as it got to the origin through the proxy. */
  request?: SeenRequest;
  /** How the body began on the wire, chunk framing and all (latin1), where that was seen. */
  bodyStart?: string;
}
