import type { Product } from './cause-kind.ts';
import * as sign from './signs.ts';

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
      signs: [sign.besides('truncation.hangs', 10, 0.2), sign.besides('buffer.until-end', 0.2)],
      fixes: [
        {
          where: 'package.json',
          line: '"http-proxy-3": "^1.23.3"   (in place of http-proxy; the same interface)',
          basis: 'measured',
        },
        {
          where: 'where the proxy is made',
          line: "proxy.on('proxyReq', (proxyReq, req, res) => res.on('close', () => proxyReq.destroy()));",
          basis: 'measured',
        },
      ],
    },
    {
      id: 'http-proxy.truncation',
      faults: ['truncation.hangs', 'truncation.masked'],
      what: 'an answer that broke off is not passed on as such',
      weight: 3,
      signs: [sign.besides('truncation.hangs', 20, 0.3), sign.originHttp('1.0', 0.1)],
      fixes: [
        {
          where: 'where the proxy is made',
          line: "proxy.on('proxyRes', (proxyRes, req, res) => proxyRes.on('close', () => { if (!proxyRes.complete) res.destroy(); }));",
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
          where: 'where the proxy is made',
          line: "proxy.on('error', (error, req, res) => res.headersSent ? res.destroy() : res.writeHead(502).end());   (http-proxy-middleware: on: { error: … }, in place of its own)",
          basis: 'measured',
          caution: 'it ends only what was reset: what ends by FIN needs the line for proxyRes besides',
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
          where: 'where the proxy is made',
          line: "proxy.on('proxyRes', (proxyRes, req, res) => process.nextTick(() => res.flushHeaders()));",
          basis: 'measured',
        },
        {
          where: 'origin',
          line: ':\\n\\n   (a comment at once, right after the headers; clients pass over it)',
          basis: 'measured',
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
          basis: 'documented',
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
          line: ':\\n\\n   (a comment at once, right after the headers; clients pass over it)',
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
          line: 'event: done\\ndata: \\n\\n   (end each whole stream with an event of its own; without it the client retries)',
          basis: 'documented',
          source: 'https://www.rfc-editor.org/rfc/rfc9112#section-8',
        },
      ],
    },
  ],
};
