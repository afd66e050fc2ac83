/** Codes that depend on when things came. */
export const TIMED = ['late-headers', 'silence', 'split-writes', 'held-back', 'compressed-batches'] as const;
