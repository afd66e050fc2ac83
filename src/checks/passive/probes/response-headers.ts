import { headerValue } from '../../../client/headers.ts';
import type { HeaderPair } from '../../../client/records.ts';
import type { Measured } from '../../../results/check/result.ts';
import { NOT_SHARED } from '../../cache-control.ts';
import { NotMeasurable } from '../../not-measurable.ts';
import type { ObservedHead } from '../../observation.ts';
import { NO_STREAM, type PassiveProbe } from '../passive-probe.ts';
import type { WaySeen } from '../stream-seen.ts';

const NO_TRANSFORM = /\bno-transform\b/i;

export const responseHeaders: PassiveProbe = {
  id: 'response-headers',
  title: 'the head of the answer says that this is a stream',
  requirement:
    'Cache-Control keeps caches from storing the stream, and compressors from holding it where there are any; the answer has no Content-Length, and no encoding that nobody asked for.',
  judge({ proxied, direct }) {
    const head = headOf(proxied);
    if (head === undefined) throw new NotMeasurable(NO_STREAM);
    const own = direct && headOf(direct);
    const wrong = wrongWith(head, proxied, own);
    const missing = missingIn(head.headers);
    const figures = {
      direct: own === undefined ? {} : measured(own),
      proxied: measured(head),
      runs: 1,
    };
    const evidence = missing.length === 0 ? [] : [{ k: 'missing', v: missing.join(', ') }];
    if (wrong.length === 0) {
      const without = missing.length === 0 ? '' : `, though without ${missing.join(' and ')}`;
      return { ...figures, status: 'pass', summary: `the head is one of a stream${without}`, evidence };
    }
    return {
      ...figures,
      status: 'warn',
      fault: 'headers.not-of-a-stream',
      summary: wrong.join('; '),
      evidence,
    };
  },
};

function wrongWith(head: ObservedHead, { gzip, br }: WaySeen, own: ObservedHead | undefined): string[] {
  const cacheControl = headerValue(head.headers, 'cache-control');
  const wrong: string[] = [];
  if (cacheControl === undefined || !NOT_SHARED.test(cacheControl)) {
    const was = own && headerValue(own.headers, 'cache-control');
    const said =
      cacheControl === undefined ? 'there is no Cache-Control' : `Cache-Control is "${cacheControl}"`;
    const changed = was !== undefined && was !== cacheControl ? `, and "${was}" directly` : '';
    wrong.push(`${said}${changed}: a cache in between may store the stream and hand it to others`);
  }
  const encoded = [gzip, br].find((seen) => seen?.head !== undefined && seen.head.encoding !== 'identity');
  if (encoded !== undefined && !NO_TRANSFORM.test(cacheControl ?? '')) {
    wrong.push(
      `the stream is compressed (${encoded.head?.encoding}) where the client accepts it, and Cache-Control has no no-transform`,
    );
  }
  if (head.encoding !== 'identity') wrong.push(`it is encoded with ${head.encoding}, which nobody asked for`);
  if (head.framing === 'length')
    wrong.push('it has a Content-Length: somebody had all of it before it was sent');
  return wrong;
}

function missingIn(headers: readonly HeaderPair[]): string[] {
  return [
    ...(NO_TRANSFORM.test(headerValue(headers, 'cache-control') ?? '') ? [] : ['no-transform']),
    ...(headerValue(headers, 'x-accel-buffering')?.trim().toLowerCase() === 'no'
      ? []
      : ['X-Accel-Buffering']),
  ];
}

function headOf({ plain, gzip, again }: WaySeen): ObservedHead | undefined {
  return plain.head ?? again?.head ?? gzip?.head;
}

function measured({ headers, encoding, framing, http }: ObservedHead): Measured {
  return {
    http,
    framing,
    encoding,
    cacheControl: headerValue(headers, 'cache-control') ?? null,
    accelBuffering: headerValue(headers, 'x-accel-buffering') ?? null,
  };
}
