import type { StreamRequest } from '../../../client/request.ts';
import type { FindingKind } from '../finding.ts';
import type { Asking } from './asking.ts';

const kind = { flag: 'lint-requests', where: 'a request with another Accept' } as const;

const acceptRefused: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'accept-refused',
  title: 'A request that accepts anything is refused',
  why: '"*/*" includes text/event-stream (RFC 9110 §12.5.1). EventSource names the type, but fetch and curl send "*/*".',
  mend: 'Parse Accept instead of comparing it, or leave it alone.',
};

const acceptFails: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'failure-on-accept',
  title: 'A request for another type makes the server fail',
  why: 'A 5xx says that the server is at fault (RFC 9110 §15.6); what it can not give is 406, or comes all the same (§12.5.1).',
  mend: 'Answer 406, or with the stream.',
};

export const ACCEPT_KINDS = [acceptRefused, acceptFails];

/** Asks as clients do that are no EventSource. */
export async function askForOtherTypes({ request, ask, report }: Asking): Promise<void> {
  const any = await ask({ request: accepting(request, '*/*') });
  if (any?.status !== undefined && any.status >= 400)
    report(any.status < 500 ? acceptRefused : acceptFails, `HTTP ${any.status} to Accept: */*`);
  const json = await ask({ request: accepting(request, 'application/json') });
  if (json?.status !== undefined && json.status >= 500)
    report(acceptFails, `HTTP ${json.status} to Accept: application/json`);
}

function accepting(request: StreamRequest, type: string): StreamRequest {
  const others = request.headers.filter(([name]) => name.toLowerCase() !== 'accept');
  return { ...request, headers: [['Accept', type], ...others] };
}
