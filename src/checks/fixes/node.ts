import type { Product } from './cause-kind.ts';
import { HEAD_AT_ONCE, LAST_EVENT } from './origin-lines.ts';
import * as sign from './signs.ts';

/** What has the same events, and where its object is called `proxy`. */
const WHERE_MADE = 'where the proxy is made (http-proxy-middleware: in plugins: [(proxy) => { … }])';

/** What was reset ends so. */
const ON_ERROR =
  "proxy.on('error', (error, req, res) => res.headersSent ? res.destroy() : res.writeHead(502).end());";
/** … and what broke off in order. */
const ON_BREAK =
  "proxy.on('proxyRes', (proxyRes, req, res) => proxyRes.on('close', () => { if (!proxyRes.complete) res.destroy(); }));";

/** What is given to no interceptor runs, head and all. */
const STREAMS_APART =
  "app.use(createProxyMiddleware({ target, pathFilter: '/events', on: { proxyRes: (proxyRes, req, res) => process.nextTick(() => res.flushHeaders()) } }));   // with the path of the streams";

/** http-proxy 1.18, http-proxy-3, http-proxy-middleware, and what is made of them (Vite, webpack). */
export const httpProxy: Product = {
  id: 'http-proxy',
  name: "Node's http-proxy family",
  looksLike: ['node'],
  commonness: 4,
  causes: [
    {
      id: 'http-proxy.client-gone',
      faults: ['client-gone.unnoticed'],
      what: 'http-proxy 1.18 waits for an event that Node 16 and later no longer tell',
      weight: 3,
      signs: [
        sign.besides('truncation.hangs', 10, 0.2),
        sign.besides('buffer.until-end', 0.2),
        sign.followsRedirects(0.2),
      ],
      fixes: [
        {
          where: 'package.json',
          line: '"http-proxy-3": "^1.23.3"   (in place of http-proxy; the same interface)',
          basis: 'measured',
        },
        {
          where: WHERE_MADE,
          line: "proxy.on('proxyReq', (proxyReq, req, res) => res.on('close', () => proxyReq.destroy()));",
          basis: 'measured',
        },
        {
          where: 'where a proxy of your own asks the origin',
          line: "res.on('close', () => request.destroy());   (request: what http.request() gave)",
          basis: 'measured',
        },
      ],
    },
    {
      id: 'http-proxy.truncation',
      faults: ['truncation.hangs', 'truncation.masked'],
      what: 'an answer that broke off is not passed on as such',
      weight: 3,
      signs: [
        sign.besides('truncation.hangs', 20, 0.3),
        sign.originHttp('1.0', 0.1),
        sign.followsRedirects(0.2),
      ],
      fixes: [
        {
          where: WHERE_MADE,
          line: ON_BREAK,
          basis: 'measured',
        },
        {
          where: 'where a proxy of your own asks the origin',
          line: "answer.on('close', () => { if (!answer.complete) res.destroy(); });   (answer: what the origin has answered)",
          basis: 'measured',
        },
      ],
    },
    {
      id: 'http-proxy.error-handler',
      faults: ['truncation.masked'],
      what: 'what answers errors writes an apology into a stream that has begun, and ends it as any other',
      weight: 0.1,
      signs: [sign.appends(600)],
      fixes: [
        {
          where: WHERE_MADE,
          line: `${ON_ERROR}   (http-proxy-middleware: on: { error: (error, req, res) => … } in its options, in place of its own)\n${ON_BREAK}`,
          basis: 'measured',
        },
      ],
    },
    {
      id: 'http-proxy.follow-redirects',
      faults: ['status.changed'],
      what: 'followRedirects is on',
      weight: 0.3,
      signs: [sign.followsRedirects(60, 0)],
      fixes: [
        {
          where: 'where the proxy is made',
          line: '// remove: followRedirects: true',
          basis: 'measured',
          source: 'https://github.com/http-party/node-http-proxy#options',
        },
      ],
    },
    {
      id: 'http-proxy.body-parser',
      faults: ['request.body-lost'],
      what: 'a body parser ahead of the proxy, as express.json() is, has read the body, and nothing is left to pass on',
      weight: 3,
      fixes: [
        {
          where: 'where the middleware is used',
          line: 'app.use(express.json());   (below the line that uses the proxy, in place of above it)',
          basis: 'measured',
        },
        {
          where: 'where the proxy is made',
          line: 'on: { proxyReq: fixRequestBody }   (of http-proxy-middleware, among its options)',
          caution: 'a body that comes in chunks still ends in HTTP 400',
          basis: 'measured',
          source: 'https://github.com/chimurai/http-proxy-middleware#intercept-and-manipulate-requests',
        },
      ],
    },
    {
      id: 'http-proxy.proxy-timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'proxyTimeout is set, which ends an answer in its silence',
      weight: 0.3,
      fixes: [
        {
          where: 'where the proxy is made',
          line: 'proxyTimeout: 3_600_000   (or none, as it is unless it is set)',
          basis: 'measured',
        },
      ],
    },
    {
      id: 'http-proxy.response-interceptor',
      faults: ['buffer.until-end', 'buffer.headers', 'buffer.unbounded'],
      what: 'responseInterceptor of http-proxy-middleware takes in each answer as a whole, and gives it its length',
      weight: 0.5,
      signs: [
        { ...sign.lengthGiven(20), otherwise: 0.02 },
        sign.xabCures(0),
        sign.besides('buffer.threshold', 0),
      ],
      fixes: [
        {
          where: 'before the middleware that has responseInterceptor',
          line: STREAMS_APART,
          basis: 'measured',
          source:
            'https://github.com/chimurai/http-proxy-middleware/blob/master/recipes/response-interceptor.md',
        },
      ],
    },
    {
      id: 'http-proxy.late-head',
      faults: ['buffer.headers'],
      what: 'Node sends a head together with the first bytes of the body unless it is flushed',
      weight: 0.8,
      signs: [
        sign.xabCures(0),
        sign.besides('buffer.until-end', 0.1),
        sign.besides('buffer.threshold', 0.05),
      ],
      fixes: [
        {
          where: WHERE_MADE,
          line: "proxy.on('proxyRes', (proxyRes, req, res) => process.nextTick(() => res.flushHeaders()));",
          basis: 'measured',
        },
        {
          where: 'origin',
          line: HEAD_AT_ONCE,
          basis: 'measured',
        },
      ],
    },
  ],
};

/** The middleware of Express that lets one client ask only so often. */
export const expressRateLimit: Product = {
  id: 'express-rate-limit',
  name: 'the middleware express-rate-limit',
  looksLike: ['node'],
  commonness: 5,
  causes: [
    {
      id: 'express-rate-limit.limit',
      faults: ['origin.not-asked'],
      what: 'the middleware lets one client ask only so often: 5 times a minute, unless it is set',
      signs: [sign.notAskedBy('status 429', 10, 0.02)],
      fixes: [
        {
          where: 'where the middleware is used',
          line: "skip: (req) => req.path === '/events',   // of rateLimit(), with the path of the streams; or a higher limit",
          basis: 'measured',
          source: 'https://github.com/express-rate-limit/express-rate-limit#readme',
        },
      ],
    },
  ],
};

/** The middleware of Express that compresses. */
export const compression: Product = {
  id: 'compression',
  name: 'the middleware compression',
  looksLike: ['node'],
  commonness: 5,
  causes: [
    {
      id: 'compression.filter',
      faults: ['compression.holds-events'],
      what: 'the middleware compresses event streams and flushes when it is told to',
      signs: [
        sign.onlyWhenCompressed(4, 0.2),
        sign.noTransformCures(6, 0.05),
        sign.xabCures(0.05),
        sign.compressedSoon(0.1),
      ],
      fixes: [
        {
          where: 'where the middleware is used',
          line: "compression({ filter: (req, res) => !String(res.getHeader('Content-Type')).startsWith('text/event-stream') && compression.filter(req, res) })",
          basis: 'measured',
        },
        {
          where: 'where an event is written',
          line: 'res.flush()',
          basis: 'measured',
          source: 'https://github.com/expressjs/compression#resflush',
        },
      ],
    },
  ],
};

/** Rewrites of Next: 16.4.6 was watched, served and in development. */
export const next: Product = {
  id: 'next',
  name: 'Next.js',
  looksLike: ['node'],
  commonness: 4,
  causes: [
    {
      id: 'next.compress',
      faults: ['compression.holds-events'],
      what: 'Next compresses what its rewrites bring, served and in development (seen with 16.4.6)',
      signs: [
        sign.onlyWhenCompressed(4, 0.2),
        sign.noTransformCures(6, 0.05),
        sign.xabCures(0.05),
        sign.compressedSoon(0.1),
      ],
      fixes: [
        {
          where: 'next.config.js',
          line: 'compress: false',
          basis: 'measured',
          source: 'https://nextjs.org/docs/app/api-reference/config/next-config-js/compress',
          caution: 'nothing that Next serves is compressed any more, pages neither',
        },
        { where: 'origin', line: 'Cache-Control: no-cache, no-transform', basis: 'measured' },
      ],
    },
    {
      id: 'next.proxy-timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'experimental.proxyTimeout is 30 s, as it is unless it is set (seen with 16.4.6)',
      signs: [sign.silenceCutAfter(30, 6), sign.statusForNoHead(500, 8)],
      fixes: [
        {
          where: 'next.config.js',
          line: 'experimental: { proxyTimeout: 3600000 }',
          basis: 'measured',
          source: 'https://github.com/vercel/next.js/pull/40289',
        },
      ],
    },
    {
      id: 'next.late-head',
      faults: ['buffer.headers'],
      what: 'the head of what a rewrite brings waits for the first bytes of the body (seen with 16.4.6)',
      weight: 0.5,
      signs: [
        sign.xabCures(0),
        sign.besides('buffer.until-end', 0.1),
        sign.besides('buffer.threshold', 0.05),
      ],
      fixes: [
        {
          where: 'origin',
          line: HEAD_AT_ONCE,
          basis: 'measured',
        },
      ],
    },
    {
      id: 'next.truncation',
      faults: ['truncation.masked'],
      what: 'where the origin resets the connection, Next writes "Internal Server Error" into the stream, and ends it as any other (seen with 16.4.6)',
      weight: 0.3,
      signs: [
        sign.originHttp('1.0', 0.1),
        sign.masks('http1Fin', 0.05),
        sign.masks('http1Reset', 3),
        sign.appended('Internal Server Error', 60, 0.1),
      ],
      fixes: [
        {
          where: 'origin',
          line: LAST_EVENT,
          basis: 'documented',
          source: 'https://www.rfc-editor.org/rfc/rfc9112#section-8',
        },
      ],
    },
  ],
};
