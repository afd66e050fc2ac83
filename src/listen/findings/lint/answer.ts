import { headerValue } from '../../../client/headers.ts';
import type { OpenInfo } from '../../../client/records.ts';
import type { Position } from '../../printer.ts';
import type { Check, FindingKind, Report } from '../finding.ts';
import { quotation } from '../quotation.ts';

const kind = { flag: 'lint', where: 'the response headers', once: true } as const;

const cacheable: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'cacheable',
  title: 'The answer may be cached',
  why: 'A cache may keep a 200 that forbids nothing (RFC 9111 §4.2.2), and play an old stream to the next reader.',
  mend: 'Send "Cache-Control: no-cache, no-transform", or no-store.',
};

const transformable: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'no-transform-missing',
  title: 'Nothing forbids to transform the answer',
  why: 'A proxy may compress what lacks no-transform (RFC 9111 §5.2.2.6), and a compressor waits until it has enough.',
  mend: 'Add no-transform to Cache-Control.',
};

const bufferedByNginx: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'accel-buffering-missing',
  title: 'Nothing tells nginx not to buffer',
  why: 'nginx buffers what it proxies unless told otherwise: events wait for 4 KB where it asks with HTTP/1.0 (the default before 1.29.7), the headers for the first event where it asks with 1.1. Behind nginx this is not looked for: it takes the header out.',
  mend: 'Send "X-Accel-Buffering: no": it costs nothing where no nginx stands in between.',
};

const http10: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'http-1-0',
  title: 'An answer of HTTP/1.0',
  why: 'Without chunks the end of the connection is the end of the body (RFC 9112 §6.3): a stream that was cut looks like one that ended.',
  mend: 'Answer with HTTP/1.1, which frames a stream in chunks.',
};

const unframed: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'end-unmarked',
  title: 'The end of the stream can not be told from a cut',
  why: 'Without Transfer-Encoding: chunked and Content-Length, the end of the connection is the end of the body (RFC 9112 §6.3): what a crash cuts off looks whole.',
  mend: 'Leave framing to the HTTP library, which sends chunks; don\'t set "Connection: close" on a stream.',
};

const connectionClose: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'connection-close',
  title: 'The connection closes with the stream',
  why: 'Each reconnect then has to connect anew, with TLS where there is any (RFC 9112 §9.6).',
  mend: 'Don\'t send "Connection: close".',
};

const contentLength: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'content-length',
  title: 'A stream of known length',
  why: 'Who knows the length (RFC 9110 §8.6) has the whole answer already: no event left when it happened. Or the stream is cut at that byte.',
  mend: 'Write events as they happen, and set no Content-Length; turn off what collects responses in the framework or proxy.',
};

const sixConnections: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'six-connections',
  title: 'Over HTTP/1.1 a browser keeps six connections to a host',
  why: 'All tabs share them (HTML §9.2.7): the seventh stream waits, and so does every other request.',
  mend: 'Serve it over HTTP/2, share one stream between tabs, or spread over host names.',
};

const fromCache: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'from-cache',
  title: 'The answer comes out of a cache',
  why: "Age says how long ago a cache got it from the server (RFC 9111 §5.1): these events are that old, or somebody else's.",
  mend: 'Send "Cache-Control: no-store", and take the path out of the cache of CDN or proxy.',
};

/** Servers whose X-Accel-Buffering can't be seen. */
const NGINX = /\b(?:nginx|openresty|tengine|angie)\b/i;

/** What the head of an answer says of the way that events take. */
export class AnswerHead implements Check {
  static readonly kinds = [
    cacheable,
    transformable,
    bufferedByNginx,
    http10,
    unframed,
    connectionClose,
    contentLength,
    sixConnections,
    fromCache,
  ];
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  open(info: OpenInfo, at: Position): void {
    this.#caching(info, at);
    this.#buffering(info, at);
    this.#framing(info, at);
    if (info.http !== '2')
      this.#report(sixConnections, { message: `the stream holds one, over HTTP/${info.http}` }, at);
  }

  #caching({ headers, method }: OpenInfo, at: Position): void {
    const control = headerValue(headers, 'cache-control');
    const directives = directivesOf(control ?? '');
    const seen = control === undefined ? 'no Cache-Control' : `Cache-Control: ${quotation(control)}`;
    const forbids = ['no-cache', 'no-store', 'max-age=0'].some((each) => directives.has(each));
    // What a POST answers is cached only where it says for how long (RFC 9110 §9.3.3).
    if (!forbids && method === 'GET') this.#report(cacheable, { message: seen }, at);
    else if (!directives.has('no-transform')) this.#report(transformable, { message: seen }, at);
    const age = Number(headerValue(headers, 'age') ?? 0);
    if (age > 0)
      this.#report(fromCache, { message: `Age: ${age}: a cache has kept it for so many seconds` }, at);
  }

  #buffering({ headers }: OpenInfo, at: Position): void {
    if (NGINX.test(headerValue(headers, 'server') ?? '')) return;
    const value = headerValue(headers, 'x-accel-buffering');
    if (value?.trim().toLowerCase() === 'no') return;
    const message = value === undefined ? 'no X-Accel-Buffering' : `X-Accel-Buffering: ${quotation(value)}`;
    this.#report(bufferedByNginx, { message }, at);
  }

  #framing({ headers, http, framing }: OpenInfo, at: Position): void {
    if (framing === 'length') {
      const length = headerValue(headers, 'content-length') ?? '';
      this.#report(contentLength, { message: `Content-Length: ${quotation(length)}` }, at);
    }
    if (http === '1.0') {
      this.#report(http10, { message: 'the server, or a proxy, answers with HTTP/1.0' }, at);
    } else if (framing === 'close') {
      this.#report(unframed, { message: 'neither chunks nor a length' }, at);
    } else if (http === '1.1' && directivesOf(headerValue(headers, 'connection') ?? '').has('close')) {
      this.#report(connectionClose, { message: 'Connection: close' }, at);
    }
  }
}

/** The members of a comma-separated header, in lower case, without white space. */
function directivesOf(value: string): Set<string> {
  return new Set(value.split(',').map((each) => each.replace(/\s/g, '').toLowerCase()));
}
