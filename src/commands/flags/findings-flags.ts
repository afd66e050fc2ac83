import type { FindingsOptions } from '../../listen/options.ts';
import { Flag } from './flag.ts';

/** The flags of what is looked for in a stream, as parsed. */
export interface FindingsFlags {
  strict?: boolean;
  lint?: boolean;
  lintRequests?: boolean;
}

const FINDINGS = 'Findings:';

export function findingsFlags(): Flag[] {
  const group = FINDINGS;
  return [
    new Flag('--strict', 'fail (12) on what a browser ignores, discards or replaces', { group }),
    new Flag('--lint', 'tell what the server could do better', { group }),
    new Flag('--lint-requests', 'the same with requests of its own: resume, no token', { group }),
  ];
}

/** @returns nothing where none is asked for */
export function findingsOptions(flags: FindingsFlags): { findings?: FindingsOptions } {
  const strict = flags.strict ?? false;
  const lintRequests = flags.lintRequests ?? false;
  const lint = lintRequests || (flags.lint ?? false);
  return strict || lint ? { findings: { strict, lint, lintRequests } } : {};
}
