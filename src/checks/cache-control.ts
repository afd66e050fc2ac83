/** A Cache-Control that keeps shared caches from handing the stream to others (RFC 9111 §5.2.2). */
export const NOT_SHARED = /\b(no-cache|no-store|private|(?:s-)?max-?age=0)\b/i;
