import type { HeaderPair } from '../../client/records.ts';
import type { Link } from './links.ts';
import { MARKS, rankOf } from './marks.ts';
import { PADDED_CHUNKS } from './reasons.ts';

/** An answer as the client got it. */
export interface AnswerWritten {
  headers: readonly HeaderPair[];
  /** How its body began on the wire, where that was seen. */
  bodyStart?: string;
}

/** Proxies that one runs: networks and balancers stand before them anyhow. */
const OWN_RANK = 2;

export function isVarnish({ candidates: [likeliest] }: Link): boolean {
  return likeliest?.product === 'varnish';
}

/**
 * Who has written anew what Varnish had written, which appends its own headers to those that it got, and how the body is framed to
 * those: nothing where nobody has, or it can't be told who.
 */
export function beforeVarnish(
  links: readonly Link[],
  { headers, bodyStart = '' }: AnswerWritten,
): Link | undefined {
  const place = placeOf(headers, /^x-varnish$/i);
  const others = links.filter((link) => !isVarnish(link));
  if (place < 0 || others.length === links.length) return undefined;
  const framing = placeOf(headers, /^transfer-encoding$/i);
  // nginx writes it before all that it passes on; the other way round it is not nginx who answers.
  if (framing >= 0 && framing < place) return others.find(isNginx);
  const named = others.find((link) => placeOfName(link, headers) > place);
  if (named !== undefined) return named;
  const [other] = others;
  return isUnpadded(bodyStart) && other !== undefined && others.length === 1 && mayAnswer(other)
    ? other
    : undefined;
}

/** Varnish pads the size of each chunk, unless it pipes, and then it writes no header. */
function isUnpadded(bodyStart: string): boolean {
  return /^[1-9a-f][0-9a-f]*\r\n/i.test(bodyStart);
}

function mayAnswer({ candidates: [likeliest] }: Link): boolean {
  if (likeliest === undefined || likeliest.product === 'nginx') return false;
  return rankOf(likeliest.product) >= OWN_RANK && !likeliest.because.includes(PADDED_CHUNKS);
}

function isNginx({ candidates: [likeliest] }: Link): boolean {
  return likeliest?.product === 'nginx';
}

/** Of the header that tells of him. */
function placeOfName({ candidates: [likeliest] }: Link, headers: readonly HeaderPair[]): number {
  const marks = MARKS.filter(({ product, on }) => product === likeliest?.product && on === 'answer');
  return headers.findIndex(([name, value]) =>
    marks.some((mark) => mark.header.test(name) && (mark.value ?? /^/).test(value)),
  );
}

function placeOf(headers: readonly HeaderPair[], name: RegExp): number {
  return headers.findIndex(([each]) => name.test(each));
}
