/** A header by which a product gives itself away. */
export interface Mark {
  product: string;
  /** On what the origin was asked, or on what the client was answered. */
  on: 'request' | 'answer';
  header: RegExp;
  /** Default: any. A group `version` is the product's. */
  value?: RegExp;
  confidence: number;
  /** Where it is known that the origin does not write it; default: as much. */
  addedConfidence?: number;
  /** 0: a network of edges, 1: a balancer or gateway of a cloud, 2: a proxy that one runs, 3: one in the application. */
  rank: number;
}

const SERVER = /^server$/i;
const VIA = /^via$/i;

/** What products are known to add; names and values as their documentation or they themselves have them. */
export const MARKS: readonly Mark[] = [
  { product: 'cloudflare', on: 'answer', header: SERVER, value: /^cloudflare$/i, confidence: 0.9, rank: 0 },
  { product: 'cloudflare', on: 'answer', header: /^cf-ray$/i, confidence: 0.9, rank: 0 },
  { product: 'cloudflare', on: 'request', header: /^cf-(ray|connecting-ip)$/i, confidence: 0.9, rank: 0 },
  { product: 'cloudfront', on: 'answer', header: /^x-amz-cf-(id|pop)$/i, confidence: 0.95, rank: 0 },
  { product: 'cloudfront', on: 'answer', header: VIA, value: /\(CloudFront\)/, confidence: 0.9, rank: 0 },
  { product: 'cloudfront', on: 'request', header: /^x-amz-cf-id$/i, confidence: 0.95, rank: 0 },
  {
    product: 'fastly',
    on: 'answer',
    header: /^x-served-by$/i,
    value: /^cache-[a-z]/i,
    confidence: 0.8,
    rank: 0,
  },
  { product: 'fastly', on: 'request', header: /^fastly-(ff|client-ip)$/i, confidence: 0.9, rank: 0 },
  { product: 'bunny', on: 'answer', header: SERVER, value: /^bunnycdn/i, confidence: 0.95, rank: 0 },
  { product: 'azure-front-door', on: 'answer', header: /^x-azure-ref$/i, confidence: 0.9, rank: 0 },
  { product: 'azure-front-door', on: 'request', header: /^x-azure-fdid$/i, confidence: 0.9, rank: 0 },
  { product: 'aws-alb', on: 'answer', header: SERVER, value: /^awselb\//i, confidence: 0.95, rank: 1 },
  { product: 'aws-alb', on: 'request', header: /^x-amzn-trace-id$/i, confidence: 0.6, rank: 1 },
  {
    product: 'aws-api-gateway',
    on: 'answer',
    header: /^(x-amz-apigw-id|apigw-requestid)$/i,
    confidence: 0.95,
    rank: 1,
  },
  { product: 'google-lb', on: 'answer', header: VIA, value: /^1\.1 google$/, confidence: 0.85, rank: 1 },
  { product: 'google-lb', on: 'request', header: VIA, value: /^1\.1 google$/, confidence: 0.85, rank: 1 },
  {
    product: 'google-cloud-run',
    on: 'answer',
    header: SERVER,
    value: /^Google Frontend$/,
    confidence: 0.6,
    rank: 1,
  },
  { product: 'azure-app-gateway', on: 'request', header: /^x-appgw-trace-id$/i, confidence: 0.9, rank: 1 },
  {
    product: 'heroku',
    on: 'answer',
    header: VIA,
    value: /(\bvegur|heroku-router)$/i,
    confidence: 0.95,
    rank: 1,
  },
  {
    product: 'heroku',
    on: 'request',
    header: VIA,
    value: /(\bvegur|heroku-router)$/i,
    confidence: 0.95,
    rank: 1,
  },
  { product: 'envoy', on: 'answer', header: SERVER, value: /^(istio-)?envoy$/i, confidence: 0.9, rank: 2 },
  { product: 'envoy', on: 'answer', header: /^x-envoy-upstream-service-time$/i, confidence: 0.95, rank: 2 },
  { product: 'envoy', on: 'request', header: /^x-envoy-/i, confidence: 0.95, rank: 2 },
  {
    product: 'nginx',
    on: 'answer',
    header: SERVER,
    value: /^nginx(?:\/(?<version>[\d.]+))?/i,
    confidence: 0.85,
    rank: 2,
  },
  { product: 'nginx', on: 'answer', header: SERVER, value: /^openresty/i, confidence: 0.85, rank: 2 },
  {
    product: 'apache',
    on: 'answer',
    header: SERVER,
    value: /^Apache(?:\/(?<version>[\d.]+))?(?!Traffic)(?:\s|$)/,
    confidence: 0.85,
    rank: 2,
  },
  { product: 'apache', on: 'request', header: /^x-forwarded-server$/i, confidence: 0.4, rank: 2 },
  { product: 'caddy', on: 'answer', header: SERVER, value: /^Caddy$/, confidence: 0.9, rank: 2 },
  { product: 'caddy', on: 'answer', header: VIA, value: /\bCaddy$/, confidence: 0.9, rank: 2 },
  {
    product: 'varnish',
    on: 'answer',
    header: VIA,
    value: /\bvarnish\b(?: \(Varnish\/(?<version>[\d.]+)\))?/i,
    confidence: 0.9,
    rank: 2,
  },
  { product: 'varnish', on: 'answer', header: /^x-varnish$/i, confidence: 0.95, rank: 2 },
  { product: 'varnish', on: 'request', header: /^x-varnish$/i, confidence: 0.95, rank: 2 },
  {
    product: 'squid',
    on: 'answer',
    header: VIA,
    value: /\(squid(?:\/(?<version>[\d.]+))?\)/i,
    confidence: 0.9,
    rank: 2,
  },
  {
    product: 'squid',
    on: 'request',
    header: VIA,
    value: /\(squid(?:\/(?<version>[\d.]+))?\)/i,
    confidence: 0.9,
    rank: 2,
  },
  { product: 'squid', on: 'answer', header: /^x-cache-lookup$/i, confidence: 0.7, rank: 2 },
  {
    product: 'lighttpd',
    on: 'answer',
    header: SERVER,
    value: /^lighttpd(?:\/(?<version>[\d.]+))?/i,
    confidence: 0.9,
    rank: 2,
  },
  {
    product: 'h2o',
    on: 'answer',
    header: SERVER,
    value: /^h2o(?:\/(?<version>[\d.]+))?/i,
    confidence: 0.9,
    rank: 2,
  },
  { product: 'nghttpx', on: 'answer', header: VIA, value: /\bnghttpx$/, confidence: 0.95, rank: 2 },
  { product: 'nghttpx', on: 'request', header: VIA, value: /\bnghttpx$/, confidence: 0.95, rank: 2 },
  {
    product: 'ats',
    on: 'answer',
    header: SERVER,
    value: /^ATS(?:\/(?<version>[\d.]+))?/,
    confidence: 0.9,
    rank: 2,
  },
  {
    product: 'ats',
    on: 'answer',
    header: VIA,
    value: /ApacheTrafficServer|traffic_server/i,
    confidence: 0.9,
    rank: 2,
  },
  {
    product: 'ats',
    on: 'request',
    header: VIA,
    value: /ApacheTrafficServer|traffic_server/i,
    confidence: 0.9,
    rank: 2,
  },
  {
    product: 'tinyproxy',
    on: 'answer',
    header: VIA,
    value: /\(tinyproxy(?:\/(?<version>[\d.]+))?\)/i,
    confidence: 0.95,
    rank: 2,
  },
  {
    product: 'tinyproxy',
    on: 'request',
    header: VIA,
    value: /\(tinyproxy(?:\/(?<version>[\d.]+))?\)/i,
    confidence: 0.95,
    rank: 2,
  },
  { product: 'next', on: 'answer', header: /^x-powered-by$/i, value: /^Next\.js/, confidence: 0.9, rank: 3 },
  // Many applications are written with it themselves.
  {
    ...{ product: 'node', on: 'answer', header: /^x-powered-by$/i, value: /^Express$/, rank: 3 },
    ...{ confidence: 0.5, addedConfidence: 0.9 },
  },
];

/** Of whom no header is known: a proxy that one runs. */
const USUAL_RANK = 2;

/** How far from the client a product usually stands: 0 to 3. */
export function rankOf(product: string): number {
  return MARKS.find((mark) => mark.product === product)?.rank ?? USUAL_RANK;
}

/** Whether an entry of `Via` tells of that product. */
export function isNamedIn(entry: string, product: string): boolean {
  return MARKS.some((mark) => mark.product === product && mark.header.test('Via') && mark.value?.test(entry));
}
