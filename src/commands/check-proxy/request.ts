import { withoutDetours } from '../../checks/ways/ways.ts';
import type { StreamRequest } from '../../client/request.ts';
import { type CheckProxyFlags, CONNECT_TIMEOUT } from '../flags/check-proxy/check-proxy-flags.ts';
import { diskReader } from '../flags/files.ts';
import { buildRequest, type RequestTarget } from '../flags/request.ts';
import type { CommandIo } from '../io.ts';
import type { CheckForm } from './form.ts';

/** Where the embedded proxy is, until it has started. */
const DEMO_PLACE = 'http://127.0.0.1';

/**
 * What every request through the proxy has in common. A redirect is an answer like any other: what it leads to is not
 * what was to be checked.
 *
 * @throws SseKitError exit 2
 */
export async function proxiedRequest(
  form: CheckForm,
  flags: CheckProxyFlags,
  io: CommandIo,
): Promise<{ request: StreamRequest; notes: readonly string[] }> {
  const demo = form.kind === 'demo';
  const target = demo ? { url: new URL(form.path, DEMO_PLACE) } : form.target;
  // No other proxy leads to this machine's own.
  const bounded = { ...boundedBy(flags), ...(demo ? { proxy: 'none' as const } : {}) };
  const { request, notes } = await buildRequest(target, bounded, { env: io.env, files: diskReader(io) });
  return { request, notes };
}

/**
 * The same request to where the stream is to be had without the proxy.
 *
 * @throws SseKitError exit 2
 */
export async function directRequest(
  target: RequestTarget,
  flags: CheckProxyFlags,
  io: CommandIo,
): Promise<StreamRequest> {
  const { request } = await buildRequest(target, boundedBy(flags), { env: io.env, files: diskReader(io) });
  return { ...request, connection: withoutDetours(request.connection) };
}

function boundedBy(flags: CheckProxyFlags): CheckProxyFlags {
  return { ...flags, connectTimeout: flags.connectTimeout ?? CONNECT_TIMEOUT.ms, maxRedirs: 0 };
}
