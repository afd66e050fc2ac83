import type { HeaderPair, OpenInfo } from '../../../client/records.ts';
import { isCredentialHeader, maskUrl } from '../../../results/redaction.ts';
import type { Position } from '../../printer.ts';
import type { Check, FindingKind, Report } from '../finding.ts';
import { quotation } from '../quotation.ts';

const kind = { flag: 'lint', where: 'the request', severity: 'warning', once: true } as const;

const tokenInUrl: FindingKind = {
  ...kind,
  code: 'token-in-url',
  title: 'A credential in the URL',
  why: 'URLs are written to access logs, histories and Referer headers (RFC 9700 §4.3.2): whoever reads those has it.',
  mend: 'Take it from a cookie, from Authorization (with a client that sends headers), or make it a ticket that opens one stream and expires within seconds.',
};

const credentialsInTheClear: FindingKind = {
  ...kind,
  code: 'credentials-unencrypted',
  title: 'Credentials over plain HTTP',
  why: 'Everybody on the way can read them, and the events (RFC 6750 §5.3 demands TLS).',
  mend: 'Serve the stream over https.',
};

/** Where credentials go that should stay between two. */
export class Secrets implements Check {
  static readonly kinds = [tokenInUrl, credentialsInTheClear];
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  open({ url, redirects, requestHeaders }: OpenInfo, at: Position): void {
    const urls = [...redirects.map(({ from }) => from), url];
    const carrying = urls.find(hasSecret);
    if (carrying !== undefined)
      this.#report(tokenInUrl, { message: quotation(pathOf(maskUrl(carrying))) }, at);
    const { protocol, hostname, host } = new URL(url);
    if (protocol !== 'http:' || isThisMachine(hostname)) return;
    const names = requestHeaders.filter(isSecret).map(([name]) => name);
    if (carrying !== undefined) names.push('a query parameter');
    if (names.length > 0)
      this.#report(credentialsInTheClear, { message: `to ${host}: ${[...new Set(names)].join(', ')}` }, at);
  }
}

/** Whether a header of a request is a credential of the stream's: what a proxy asks for is not. */
export function isSecret([name]: HeaderPair): boolean {
  return isCredentialHeader(name) && name.toLowerCase() !== 'proxy-authorization';
}

/** Whether the query has a parameter that is a credential by its name. */
export function hasSecret(url: string): boolean {
  return maskUrl(url) !== url;
}

function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/]*/i, '');
}

/** What never leaves this machine (Secure Contexts §3.1). */
function isThisMachine(hostname: string): boolean {
  return /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/i.test(hostname);
}
