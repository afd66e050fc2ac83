import type { StreamRequest } from '../../../client/request.ts';
import type { FindingKind } from '../finding.ts';
import { hasSecret, isSecret } from '../lint/secrets.ts';
import type { Asking } from './asking.ts';

const kind = { flag: 'lint-requests', where: 'a request without credentials', severity: 'warning' } as const;

const openToAll: FindingKind = {
  ...kind,
  code: 'open-without-credentials',
  title: 'The stream opens without the credentials',
  why: 'They were sent, and nobody looked at them: whoever knows the URL reads along.',
  mend: 'Check them before the stream opens, and answer 401 without them. Where the stream is public, send none.',
};

const failsWithoutCredentials: FindingKind = {
  ...kind,
  code: 'failure-without-credentials',
  title: 'A request without credentials makes the server fail',
  why: 'A 5xx says that the server is at fault (RFC 9110 §15.6), and clients other than browsers try again and again.',
  mend: 'Answer 401 (RFC 9110 §15.5.2).',
};

export const ACCESS_KINDS = [openToAll, failsWithoutCredentials];

/** Asks without what the user gave as credentials, where something was. */
export async function askWithoutCredentials({ request, ask, report }: Asking): Promise<void> {
  const { names, bare } = withoutCredentials(request);
  if (names.length === 0) return;
  const answer = await ask({ request: bare });
  if (answer?.status === undefined) return;
  const left = names.join(', ');
  if (answer.accepted) report(openToAll, `HTTP ${answer.status} without ${left}`);
  else if (answer.status >= 500) report(failsWithoutCredentials, `HTTP ${answer.status} without ${left}`);
}

function withoutCredentials(request: StreamRequest): { names: string[]; bare: StreamRequest } {
  const url = new URL(request.url);
  const parameters = [...url.searchParams.keys()].filter((name) =>
    hasSecret(`?${encodeURIComponent(name)}=x`),
  );
  for (const name of parameters) url.searchParams.delete(name);
  const names = request.headers.filter(isSecret).map(([name]) => name);
  const headers = request.headers.filter((pair) => !isSecret(pair));
  return { names: [...names, ...parameters.map((name) => `?${name}=`)], bare: { ...request, url, headers } };
}
