/** What tells of a proxy where no header names it: how it writes what it passes on, and what it takes out. */
export const HTTP_1_0 = 'origin-asked-in-http-1.0';
export const CONSUMED = 'x-accel-buffering-consumed';
export const LOWER_CASE = 'lower-case-names';
export const ALPHABETICAL = 'alphabetical-names';
export const LOWER_CASE_FRAMING = 'lower-case-transfer-encoding';
export const PADDED_CHUNKS = 'zero-padded-chunk-size';
