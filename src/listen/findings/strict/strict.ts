import type { Check, FindingKind, Report } from '../finding.ts';
import { Blocks } from './blocks.ts';
import { Encoding } from './encoding.ts';
import { FieldNames } from './field-names.ts';
import { FieldValues } from './field-values.ts';

/** Everything that a browser ignores, discards or replaces without a word, and what comes near to it. */
const GROUPS = [Encoding, FieldNames, FieldValues, Blocks];

export const STRICT_KINDS: readonly FindingKind[] = GROUPS.flatMap(({ kinds }) => kinds);

export function strictChecks(report: Report): Check[] {
  return GROUPS.map((Group) => new Group(report));
}
