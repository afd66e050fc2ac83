import type { FindingKind } from './finding.ts';
import { LINT_KINDS } from './lint/lint.ts';
import { REQUEST_KINDS } from './requests/requests.ts';
import { STRICT_KINDS } from './strict/strict.ts';

/** Everything that can be found. */
export const CATALOGUE: readonly FindingKind[] = [...STRICT_KINDS, ...LINT_KINDS, ...REQUEST_KINDS];
