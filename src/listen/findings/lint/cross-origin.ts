import { headerValue } from '../../../client/headers.ts';
import type { OpenInfo } from '../../../client/records.ts';
import type { Position } from '../../printer.ts';
import type { Check, FindingKind, Report } from '../finding.ts';
import { quotation } from '../quotation.ts';

const kind = {
  flag: 'lint',
  where: 'the response headers, where the request has an Origin',
  once: true,
} as const;

const corsMissing: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'cors-refused',
  title: 'A page of that origin may not read the stream',
  why: 'A browser gives an answer from another origin to a page only where Access-Control-Allow-Origin allows it (Fetch, CORS check): EventSource fails, and does not try again.',
  mend: 'Answer with "Access-Control-Allow-Origin: " and the origin of the page, or * where nothing is private.',
};

const corsCredentials: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'cors-credentials',
  title: 'A page of that origin may not read the stream with credentials',
  why: 'With cookies (withCredentials) a browser wants the very origin, not *, and Access-Control-Allow-Credentials: true (Fetch, CORS check).',
  mend: 'Answer with the origin itself, "Access-Control-Allow-Credentials: true" and "Vary: Origin".',
};

const corsWildcard: FindingKind = {
  ...kind,
  where: 'the response headers',
  severity: 'warning',
  code: 'cors-wildcard',
  title: 'Any origin, with credentials',
  why: 'Access-Control-Allow-Origin: * never goes with Access-Control-Allow-Credentials: true: browsers refuse the pair (Fetch, CORS check).',
  mend: 'Name the origins that may read it; or leave out Access-Control-Allow-Credentials.',
};

const corsVary: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'cors-vary',
  title: 'The answer depends on the origin, and does not say so',
  why: 'Without "Vary: Origin" a cache may give the answer for one origin to another (Fetch, CORS protocol and HTTP caches).',
  mend: 'Add "Vary: Origin", or answer with * where nothing is private.',
};

/** What a page of another origin gets of the stream. An Origin of the user's (`-H 'Origin: …'`) asks for it. */
export class CrossOrigin implements Check {
  static readonly kinds = [corsMissing, corsCredentials, corsWildcard, corsVary];
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  open({ url, headers, requestHeaders }: OpenInfo, at: Position): void {
    const allowed = headerValue(headers, 'access-control-allow-origin')?.trim();
    const withCredentials = headerValue(headers, 'access-control-allow-credentials')?.trim() === 'true';
    const report = (found: FindingKind, message: string) => this.#report(found, { message }, at);
    const origin = headerValue(requestHeaders, 'origin');
    if (allowed === '*' && withCredentials)
      report(corsWildcard, 'Access-Control-Allow-Origin: * with credentials');
    // A page of the same origin asks nobody.
    if (origin === undefined || origin === new URL(url).origin) return;
    const seen = `Access-Control-Allow-Origin: ${allowed === undefined ? 'none' : quotation(allowed)}`;
    if (allowed !== '*' && allowed !== origin)
      return report(corsMissing, `${seen}, for ${quotation(origin)}`);
    const sendsCookie = headerValue(requestHeaders, 'cookie') !== undefined;
    if (sendsCookie && !withCredentials)
      report(corsCredentials, `${seen}, without Access-Control-Allow-Credentials: true`);
    const varies = (headerValue(headers, 'vary') ?? '').toLowerCase().split(/[\s,]+/);
    if (allowed === origin && !varies.includes('origin') && !varies.includes('*'))
      report(corsVary, `${seen}, no Vary: Origin`);
  }
}
