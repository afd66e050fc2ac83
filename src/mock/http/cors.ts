/** Seconds that a browser may remember a preflight. */
const PREFLIGHT_MAX_AGE = '600';

/**
 * What lets a page of another origin read the answer (Fetch standard, section 3.3).
 *
 * @param allowed `*`: whoever asks, credentials included; else the one origin; '': nobody
 * @param origin the request's `Origin`
 */
export function corsHeaders(allowed: string, origin: string | undefined): Record<string, string> {
  if (allowed === '') return {};
  if (origin === undefined) return allowed === '*' ? {} : { vary: 'Origin' };
  const granted = allowed === '*' ? origin : allowed;
  return {
    'access-control-allow-origin': granted,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': '*, Retry-After, Mcp-Session-Id, WWW-Authenticate',
    vary: 'Origin',
  };
}

/** Beside {@link corsHeaders}, what answers a preflight: whatever was asked for. */
export function preflightHeaders(
  requestedMethod: string | undefined,
  requestedHeaders: string | undefined,
): Record<string, string> {
  return {
    'access-control-allow-methods': requestedMethod ?? 'GET, POST, PUT, PATCH, DELETE, HEAD',
    ...(requestedHeaders === undefined ? {} : { 'access-control-allow-headers': requestedHeaders }),
    'access-control-max-age': PREFLIGHT_MAX_AGE,
  };
}
