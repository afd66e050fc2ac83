import type { Product } from './cause-kind.ts';
import { HEAD_AT_ONCE } from './origin-lines.ts';
import * as sign from './signs.ts';

/** What is passed on as it comes, no faster than it is read, and breaks off as it did. */
const PASS_ON =
  'pipeline(Readable.fromWeb(answer.body), res, () => {});   // of node:stream, in place of .pipe(res), res.write() in a loop, or await answer.text(); answer: what fetch gave';

/** Proxies that ask by fetch: functions at the edge, route handlers, workers. */
export const fetching: Product = {
  id: 'fetch',
  name: 'a proxy that asks by fetch',
  looksLike: ['node'],
  commonness: 3,
  causes: [
    {
      id: 'fetch.redirect',
      faults: ['status.changed'],
      what: 'fetch follows redirects unless it is told not to',
      signs: [sign.followsRedirects(60, 0)],
      fixes: [
        {
          where: 'where the proxy calls fetch',
          line: "redirect: 'manual'",
          basis: 'measured',
          source: 'https://fetch.spec.whatwg.org/#concept-request-redirect-mode',
        },
      ],
    },
    {
      id: 'fetch.signal',
      faults: ['client-gone.unnoticed'],
      what: 'fetch goes on when the client has left, unless a signal tells it',
      weight: 1.5,
      signs: [
        sign.followsRedirects(8, 0.3),
        sign.besides('truncation.hangs', 10, 0.2),
        sign.besides('buffer.until-end', 0.2),
      ],
      fixes: [
        {
          where: 'where the proxy calls fetch',
          line: "const gone = new AbortController();\nres.on('close', () => gone.abort());\n// with the options of fetch: signal: gone.signal",
          basis: 'measured',
          source: 'https://developer.mozilla.org/en-US/docs/Web/API/RequestInit#signal',
        },
      ],
    },
    {
      id: 'fetch.pipe',
      faults: ['truncation.hangs', 'truncation.masked'],
      what: 'pipe() ends nothing where the body that it takes from breaks off',
      weight: 1.5,
      signs: [
        sign.followsRedirects(8, 0.3),
        sign.besides('truncation.hangs', 20, 0.3),
        sign.originHttp('1.0', 0),
      ],
      fixes: [
        {
          where: 'where the proxy passes the body on',
          line: PASS_ON,
          basis: 'measured',
          source: 'https://nodejs.org/api/stream.html#streampipelinesource-transforms-destination-callback',
        },
      ],
    },
    {
      id: 'fetch.whole-body',
      faults: ['buffer.until-end', 'buffer.headers', 'buffer.unbounded', 'bytes.changed'],
      what: 'the proxy takes in the answer as a whole (await answer.text(), json() or arrayBuffer()) before it passes it on',
      weight: 0.2,
      signs: [
        sign.followsRedirects(8, 0.3),
        sign.xabCures(0),
        sign.besides('buffer.threshold', 0),
        // Whoever decodes text leaves it out.
        {
          probe: 'bytes',
          figure: 'changedPart',
          is: 'byte order mark',
          times: 10,
          otherwise: 0.05,
          of: 'bytes.changed',
        },
        {
          ...sign.besides('buffer.until-end', 1, 0),
          of: ['buffer.headers', 'buffer.unbounded', 'bytes.changed'],
        },
      ],
      fixes: [
        {
          where: 'where the proxy passes the body on',
          line: `res.flushHeaders();   // behind res.writeHead(…)\n${PASS_ON}`,
          basis: 'measured',
          source: 'https://nodejs.org/api/stream.html#streampipelinesource-transforms-destination-callback',
        },
      ],
    },
    {
      id: 'fetch.unpaced',
      faults: ['buffer.unbounded'],
      what: "the proxy writes on where res.write() has returned false, and does not wait for 'drain'",
      signs: [sign.followsRedirects(8, 0.3), sign.besides('buffer.until-end', 0.02)],
      fixes: [
        {
          where: 'where the proxy passes the body on',
          line: PASS_ON,
          basis: 'measured',
          source: 'https://nodejs.org/api/stream.html#streampipelinesource-transforms-destination-callback',
        },
      ],
    },
    {
      id: 'fetch.request-headers',
      faults: ['buffer.request-body'],
      what: 'fetch is given the headers of the request as they came, and refuses Transfer-Encoding, which is there where a body comes bit by bit',
      signs: [sign.followsRedirects(8, 0.3), sign.chunkedPostAnswered({ from: 500 }, 20, 0.02)],
      fixes: [
        {
          where: 'where the proxy calls fetch',
          line: "for (const name of ['host', 'connection', 'transfer-encoding']) headers.delete(name);   // headers: new Headers() of those of the request",
          basis: 'measured',
          source: 'https://fetch.spec.whatwg.org/#terminology-headers',
        },
      ],
    },
    {
      id: 'fetch.late-head',
      faults: ['buffer.headers'],
      what: 'Node sends a head together with the first bytes of the body unless it is flushed',
      weight: 0.8,
      signs: [
        sign.followsRedirects(8, 0.3),
        sign.xabCures(0),
        sign.besides('buffer.until-end', 0.1),
        sign.besides('buffer.threshold', 0.05),
      ],
      fixes: [
        {
          where: 'where the proxy passes the head on',
          line: 'res.flushHeaders();   // behind res.writeHead(…)',
          basis: 'measured',
          source: 'https://nodejs.org/api/http.html#responseflushheaders',
        },
        { where: 'origin', line: HEAD_AT_ONCE, basis: 'measured' },
      ],
    },
  ],
};
