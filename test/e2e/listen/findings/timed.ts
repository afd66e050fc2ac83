/** Codes that depend on when things came. */
export const TIMED = [
  'late-headers',
  'silence',
  'split-writes',
  'held-back',
  'held-in-batches',
  'compressed-batches',
] as const;
