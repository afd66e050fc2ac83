import { usageError } from '../../client/errors.ts';
import { curlLine } from '../curl-line.ts';
import type { CheckProxyFlags } from '../flags/check-proxy/check-proxy-flags.ts';
import type { CommandIo } from '../io.ts';
import type { CheckForm } from './form.ts';
import { proxiedRequest } from './request.ts';

/**
 * Prints the curl command that asks through the proxy as the run does, but for what its probes ask besides.
 *
 * @returns the exit code
 * @throws SseKitError exit 2 where there is no such request
 */
export async function printCurl(form: CheckForm, flags: CheckProxyFlags, io: CommandIo): Promise<number> {
  if (form.kind === 'demo') {
    throw usageError('--curl: demo: lives as long as a run of ssekit', 'Give the URL of a proxy.');
  }
  const { request, notes } = await proxiedRequest(form, flags, io);
  for (const note of notes) io.stderr.write(`note: ${note}\n`);
  const { maxTime: maxTimeMs = 0, mask = false } = flags;
  const text = curlLine(request, { lastEventId: '', flags, include: false, maxTimeMs, mask });
  io.stdout.write(`${text}\n`);
  return 0;
}
