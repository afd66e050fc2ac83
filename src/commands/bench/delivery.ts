import { carriesStamp, compileBody, DEFAULT_PUBLISH_BODY } from '../../bench/delivery/publish/body.ts';
import { newRunName } from '../../bench/delivery/publish/stamp.ts';
import type { DeliveryOptions, PublishOptions } from '../../bench/options.ts';
import { usageError } from '../../client/errors.ts';
import type { HeaderPair } from '../../client/records.ts';
import type { BenchFlags } from '../flags/bench/bench-flags.ts';
import type { FileReader } from '../flags/files.ts';
import { nameCulprit } from '../flags/flag.ts';
import { mergeHeaders, readHeaderFiles } from '../flags/headers.ts';

/** @throws SseKitError exit 2 for what says too little to publish anything */
export async function deliveryOf(flags: BenchFlags, files: FileReader): Promise<DeliveryOptions> {
  const publish = await publishOf(flags, files);
  return {
    ...(flags.sequence === undefined ? {} : { sequence: flags.sequence }),
    ...(flags.sentAt === undefined ? {} : { sentAtPath: flags.sentAt }),
    ...(publish === undefined ? {} : { publish }),
  };
}

async function publishOf(flags: BenchFlags, files: FileReader): Promise<PublishOptions | undefined> {
  const { publish, publishRate, publishBody: body = DEFAULT_PUBLISH_BODY, publishHeader = [] } = flags;
  if (publish === undefined) return undefined;
  if (publishRate === undefined) {
    throw usageError('--publish: how often is missing', 'For example: --publish-rate 10/s');
  }
  checkBody(body);
  if (!carriesStamp(body)) {
    throw usageError(
      '--publish-body: it has no {{sentAt}}, by which its receivers know when it was sent',
      `For example: --publish-body '${DEFAULT_PUBLISH_BODY}'`,
    );
  }
  const { target, authorization } = publish;
  if (publishHeader.length > 0 && target.kind !== 'http') {
    throw usageError('--publish-header: only a URL takes headers', 'Leave it out.');
  }
  const defaults: HeaderPair[] = [['Content-Type', looksLikeJson(body) ? 'application/json' : 'text/plain']];
  if (authorization !== undefined) defaults.push(['Authorization', authorization]);
  const { headers } = mergeHeaders(defaults, await readHeaderFiles(publishHeader, files));
  return { target, run: newRunName(), ratePerSecond: publishRate, body, headers };
}

function checkBody(body: string): void {
  try {
    compileBody(body);
  } catch (error) {
    throw nameCulprit(error, '--publish-body');
  }
}

function looksLikeJson(body: string): boolean {
  return /^\s*[[{]/.test(body.replaceAll(/\{\{\w+\}\}/g, '0'));
}
