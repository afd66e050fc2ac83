import type { HeaderPair } from '../../client/records.ts';
import type { CheckResult } from '../../results/check/result.ts';
import type { AnswerSeen } from './answer-seen.ts';
import { isOddlyCased, isOfNobodyElse } from './own-names.ts';

/** A product of which something shows that it is hardly on the way. */
export interface Absence {
  product: string;
  /** What shows it: `x-accel-buffering-arrives`. */
  because: string;
  /** How much of what spoke for it is left, from 0, which rules it out, to 1. */
  left: number;
}

/** What is left of so little is told to be ruled out. */
const RULED_OUT = 0.05;
/** Of one who doesn't give the answer: he may stand behind whoever gives it. */
const BEHIND = 0.05;

/** Next says its own name, unless it is told not to and runs in an application of Express. */
const BESIDE_EXPRESS = 0.1;

/** They take `X-Accel-Buffering` for themselves unless they are told to pass it on. */
const CONSUMERS = ['nginx', 'ingress-nginx'];
/** They write all names in lower case, unless they are told which to write otherwise. */
const LOWERERS = ['haproxy', 'envoy', 'http-proxy', 'next'];
/** They write all names in one case, `X-Odd-Name`. */
const CANONICAL = ['caddy', 'traefik', 'nghttpx'];
/** They answer in HTTP/1.1 whoever asks in HTTP/1.1, where the origin answers in HTTP/1.0, too; HAProxy does not. */
const ANSWER_IN_1_1 = [
  ...CONSUMERS,
  ...LOWERERS.filter((product) => product !== 'haproxy'),
  ...CANONICAL,
  'express-rate-limit',
  'compression',
  'apache',
  'varnish',
  'squid',
  'lighttpd',
  'h2o',
];
/** Who leaves a header of his own unless somebody takes it out, and how often that is so. */
const NAMELESS: Readonly<Record<string, number>> = {
  nginx: 0.2,
  'ingress-nginx': 0.5,
  apache: 0.15,
  caddy: 0.3,
  envoy: 0.3,
  lighttpd: 0.2,
  h2o: 0.2,
  varnish: 0.2,
  squid: 0.2,
  ats: 0.2,
  nghttpx: 0.15,
  tinyproxy: 0.15,
  cloudflare: 0.1,
  cloudfront: 0.1,
  bunny: 0.1,
  'azure-front-door': 0.1,
  'aws-alb': 0.1,
  'aws-api-gateway': 0.1,
  'azure-app-gateway': 0.1,
  'google-lb': 0.1,
  heroku: 0.1,
};

/** Who is not in between, by what he would have done to the same answer, or left on it. */
export function absentFrom(seen: AnswerSeen): Absence[] {
  const { proxied, direct, clientHttp, accelBufferingSent, request } = seen;
  const absent: Absence[] = [];
  const not = (products: readonly string[], because: string, left = 0) =>
    absent.push(...products.map((product) => ({ product, because, left })));
  if (accelBufferingSent && has(proxied, 'x-accel-buffering')) not(CONSUMERS, 'x-accel-buffering-arrives');
  if (proxied.some(isExpress)) not(['next'], 'x-powered-by-header', BESIDE_EXPRESS);
  if (clientHttp === '1.0') not(ANSWER_IN_1_1, 'answered-in-http-1.0', BEHIND);
  const own = direct
    .map(([name]) => name)
    .filter((name) => isOfNobodyElse(name) && name !== name.toLowerCase());
  const kept = own.filter((name) => proxied.some(([other]) => other === name));
  if (clientHttp !== '2' && kept.length > 0 && kept.length === own.length) {
    not(LOWERERS, 'names-keep-their-case');
    if (kept.some(isOddlyCased)) not(CANONICAL, 'names-keep-their-case');
  }
  // Who stands beside the origin would show on the request, or not at all.
  if (request !== undefined) {
    for (const [product, left] of Object.entries(NAMELESS)) not([product], 'no-header-of-its-own', left);
  }
  return absent;
}

/** As the result has it. */
export function ruledOutAmong(absent: readonly Absence[]): Pick<CheckResult['path'], 'ruledOut'> {
  const told = absent.filter(isRuledOut);
  const products = [...new Set(told.map(({ product }) => product))];
  const ruledOut = products.map((name) => ({
    name,
    because: told.filter(({ product }) => product === name).map(({ because }) => because),
  }));
  return ruledOut.length === 0 ? {} : { ruledOut };
}

/** Whether somebody can be told not to be there. */
export function isRuledOut({ left }: Absence): boolean {
  return left <= RULED_OUT;
}

/** How much of what speaks for a product is left. */
export function leftOf(product: string, absent: readonly Absence[]): number {
  return absent
    .filter((each) => each.product === product)
    .reduce((least, { left }) => Math.min(least, left), 1);
}

function isExpress([name, value]: HeaderPair): boolean {
  return name.toLowerCase() === 'x-powered-by' && value === 'Express';
}

function has(headers: readonly HeaderPair[], name: string): boolean {
  return headers.some(([other]) => other.toLowerCase() === name);
}
