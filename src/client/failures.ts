import { SseKitError } from './errors.ts';

/** Codes with which Node and OpenSSL say that a certificate was not accepted. */
const CERTIFICATE_CODES = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
]);

/** The code of a Node error; of the first inside where Node bundles one per address it tried. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The connection could not be made: name, TCP, or the way through a proxy. `name` is `host:port` or a socket's path. */
export function connectFailure(error: unknown, name: string): SseKitError {
  const code = codeOf(error) || 'CONNECT_FAILED';
  const port = /:(\d+)$/.exec(name)?.[1];
  const fail = (exitCode: number, message: string, hint: string) =>
    new SseKitError(code, exitCode, message, { hint, cause: error });
  switch (code) {
    case 'ENOTFOUND':
      return fail(6, `no address found for ${hostOf(name)}`, 'check the spelling of the host name');
    case 'EAI_AGAIN':
      return fail(
        6,
        `the name server gave no answer for ${hostOf(name)}`,
        'check the network, or give the address with --resolve',
      );
    case 'ECONNREFUSED':
      return fail(
        7,
        `connection refused by ${name}`,
        port === undefined
          ? 'is the server running and listening on this socket?'
          : `is the server running on port ${port}?`,
      );
    case 'ENOENT':
      return fail(7, `no such socket: ${name}`, 'is the server running, and is the path right?');
    case 'EACCES':
      return fail(7, `no permission to connect to ${name}`, '');
    case 'ECONNRESET':
      return fail(
        7,
        `${name} reset the connection before it was established`,
        'a firewall, or a full accept queue?',
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return fail(
        7,
        `no route to ${name}`,
        'check the address and the network; -4 or -6 chooses the address family',
      );
    case 'ETIMEDOUT':
      return fail(
        7,
        `${name} did not answer the connection request`,
        'a firewall that drops packets, or a wrong address?',
      );
    // The latter where the source address was named.
    case 'EADDRNOTAVAIL':
    case 'EADDRINUSE':
      return fail(7, `no local port left for a connection to ${name}`, '');
    case 'EMFILE':
    case 'ENFILE':
      return fail(7, 'no file descriptor left for a connection', 'raise the limit: ulimit -n');
    default:
      if (code.startsWith('EAI_') || (error as { syscall?: string }).syscall === 'getaddrinfo') {
        return fail(6, `could not resolve ${hostOf(name)}: ${messageOf(error)}`, '');
      }
      return fail(7, `could not connect to ${name}: ${messageOf(error)}`, '');
  }
}

export function connectTimeout(phase: string, name: string, timeoutMs: number): SseKitError {
  return new SseKitError(
    'CONNECT_TIMEOUT',
    28,
    `no connection to ${name} within ${timeoutMs} ms (${phase})`,
    {
      hint: 'a firewall that drops packets, or a slow proxy? --connect-timeout gives it longer',
    },
  );
}

/** TLS could not be established: an untrusted certificate (60), or anything else in the handshake (35). */
export function tlsFailure(error: unknown, host: string): SseKitError {
  const code = codeOf(error) || 'TLS_FAILED';
  if (CERTIFICATE_CODES.has(code) || code.startsWith('CERT_')) return certificateFailure(error, code, host);
  const fail = (message: string, hint: string) => new SseKitError(code, 35, message, { hint, cause: error });
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')
    return fail(`${host} does not speak TLS on this port`, 'try http:// instead of https://');
  if (/CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE|ALERT_HANDSHAKE_FAILURE|ALERT_UNKNOWN_CA/.test(code))
    return fail(
      `${host} ended the TLS handshake: ${plainAlert(error)}`,
      'does the server ask for a client certificate? --cert FILE --key FILE',
    );
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return fail(
      `${host} closed the connection during the TLS handshake`,
      'does it speak TLS on this port? try http://',
    );
  return fail(`the TLS handshake with ${host} failed: ${plainAlert(error)}`, '');
}

function certificateFailure(error: unknown, code: string, host: string): SseKitError {
  const fail = (message: string, hint: string) => new SseKitError(code, 60, message, { hint, cause: error });
  const trust = 'name its CA with --cacert FILE, or accept anything with -k';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return fail(
      `the certificate of ${host} is for another name: ${messageOf(error).replace(/^.*Host: /, 'host ')}`,
      'connect by the name in the certificate (--resolve, --connect-to), or accept anything with -k',
    );
  if (code === 'CERT_HAS_EXPIRED')
    return fail(`the certificate of ${host} has expired`, 'renew it, or accept anything with -k');
  if (code === 'CERT_NOT_YET_VALID')
    return fail(`the certificate of ${host} is not valid yet`, "check this machine's clock");
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT' || code === 'SELF_SIGNED_CERT_IN_CHAIN')
    return fail(`the certificate of ${host} is self-signed`, trust);
  return fail(`the certificate of ${host} is not trusted: ${messageOf(error)}`, trust);
}

/** OpenSSL's sentence without its file, line and hexadecimal thread id. */
function plainAlert(error: unknown): string {
  const reason = (error as { reason?: unknown } | null)?.reason;
  return typeof reason === 'string' ? reason : messageOf(error).replace(/^[0-9A-F]+:|\n$/g, '');
}

function hostOf(name: string): string {
  return name.replace(/:\d+$/, '');
}
