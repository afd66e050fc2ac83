/** What streams can be compressed with, by the names of HTTP (RFC 9110, section 8.4.1; RFC 7932). */
export const CODINGS = ['gzip', 'br'] as const;

export type Coding = (typeof CODINGS)[number];
