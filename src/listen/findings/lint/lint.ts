import type { Check, FindingKind, Report } from '../finding.ts';
import { AnswerHead } from './answer.ts';
import { Batches } from './batches.ts';
import { CrossOrigin } from './cross-origin.ts';
import { Delays } from './delays.ts';
import { Ids } from './ids.ts';
import { Payloads } from './payloads.ts';
import { Reconnecting } from './reconnecting.ts';
import { Secrets } from './secrets.ts';

/** What a good server does, as far as a client can see it. */
const GROUPS = [AnswerHead, CrossOrigin, Secrets, Delays, Batches, Ids, Reconnecting, Payloads];

export const LINT_KINDS: readonly FindingKind[] = GROUPS.flatMap(({ kinds }) => kinds);

export function lintChecks(report: Report): Check[] {
  return GROUPS.map((Group) => new Group(report));
}
