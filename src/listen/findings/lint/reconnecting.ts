import type { CloseInfo, OpenInfo } from '../../../client/records.ts';
import type { Position } from '../../printer.ts';
import type { Check, FindingKind, Report } from '../finding.ts';

const kind = { flag: 'lint', where: 'the whole run' } as const;

const noRetry: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'no-retry',
  title: 'No reconnection time',
  why: 'Without "retry:" each browser waits as long as it likes, "probably in the region of a few seconds" (HTML §9.2.2).',
  mend: 'Send "retry: 3000", or what the server can bear, with the first event.',
  once: true,
};

const extremeRetry: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'retry-extreme',
  title: 'A reconnection time far from what is usual',
  why: 'All clients wait that long after every deploy (HTML §9.2.3): much less is a storm, much more an outage.',
  mend: 'Take one to ten seconds.',
};

const serverEnds: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'server-ends-stream',
  title: 'The server ends the stream',
  why: 'EventSource takes every end for a lost connection and asks again (HTML §9.2.3): what is over begins anew.',
  mend: 'Answer the request that comes next with 204, or tell the page by an event to close() it. For long polling, and where the client is no EventSource, it is right.',
};

const redirected: FindingKind = {
  ...kind,
  where: 'the response headers',
  severity: 'note',
  code: 'redirected',
  title: 'The stream lies behind a redirect',
  why: 'Each reconnect begins at the URL that the page gave (HTML §9.2.3): it is redirected anew every time, also by a 301.',
  mend: 'Give the page the URL that the redirect leads to.',
  once: true,
};

const SHORT_MS = 100;
const LONG_MS = 10 * 60_000;

/** What becomes of clients when a connection is over. */
export class Reconnecting implements Check {
  static readonly kinds = [redirected, noRetry, extremeRetry, serverEnds];
  readonly #report: Report;
  #told: number | undefined;
  #reopens = false;

  constructor(report: Report) {
    this.#report = report;
  }

  open({ method, redirects }: OpenInfo, at: Position): void {
    this.#reopens = method === 'GET';
    const statuses = redirects.map(({ status }) => status).join(', ');
    if (redirects.length > 0 && this.#reopens)
      this.#report(redirected, { message: `by HTTP ${statuses}` }, at);
  }

  retry(ms: number, at: Position): void {
    const news = ms !== this.#told;
    this.#told = ms;
    if (!news || (ms >= SHORT_MS && ms <= LONG_MS)) return;
    this.#report(extremeRetry, { message: `retry: ${ms} ms` }, at);
  }

  close({ reason, events }: CloseInfo, at: Position): void {
    if (!this.#reopens || reason !== 'eof') return;
    const after = events === 1 ? 'an event' : `${events} events`;
    this.#report(serverEnds, { message: `it ended in order after ${after}: an EventSource comes back` }, at);
  }

  end(at: Position): void {
    if (this.#reopens && this.#told === undefined)
      this.#report(noRetry, { message: 'no retry: line has come' }, at);
  }
}
