import { SseKitError } from '../../client/errors.ts';
import { openRaw } from '../raw/raw-exchange.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** For an answer that ends at once. */
const ANSWER_MS = 5_000;
/** A proxy on this machine may by chance have a port of the same number once. */
const TIMES = 2;

/**
 * Whether requests along a way come to the origin over the very connection that the client opened: then nobody is in between,
 * by whatever name or address the origin was asked for.
 */
export async function comesOverOwnSocket(way: Way, context: ProbeContext): Promise<boolean> {
  // The origin speaks no TLS: somebody else does.
  if (way.request.url.protocol === 'https:') return false;
  for (let times = 0; times < TIMES; times += 1) {
    if (!(await isOwn(way, context))) return false;
  }
  return true;
}

async function isOwn(way: Way, { origin, signal }: ProbeContext): Promise<boolean> {
  const { key, request } = scripted(way, { steps: [] });
  try {
    const exchange = await openRaw(request, signal);
    const { local } = exchange;
    exchange.sendHead();
    await exchange.until(() => exchange.bytesRead > 0, ANSWER_MS, signal);
    exchange.close();
    const [visit] = await origin.visits(key);
    return local !== undefined && visit?.peer === local;
  } catch (error) {
    // What speaks no HTTP/1.1 is not the origin.
    if (error instanceof SseKitError) return false;
    throw error;
  }
}
