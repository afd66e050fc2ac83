import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import {
  connect,
  createSecureContext,
  type ConnectionOptions as NodeTlsOptions,
  rootCertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { SseKitError } from './errors.ts';
import { codeOf } from './failures.ts';
import type { TlsOptions } from './request.ts';

/** Certificates and keys are parsed once per run, not once per stream. */
const contexts = new WeakMap<TlsOptions, SecureContext>();

/**
 * Starts TLS as a client on an established connection.
 *
 * @throws SseKitError `TLS_SETUP` (exit 2) when a certificate or key that the user gave can't be used
 */
export function startTls(socket: Socket, host: string, alpn: string[], options: TlsOptions): TLSSocket {
  const settings: NodeTlsOptions = {
    socket,
    // Checked against the certificate; SNI carries names only (RFC 6066 §3).
    host,
    servername: isIP(host) === 0 ? host : '',
    ALPNProtocols: alpn,
    rejectUnauthorized: !options.insecure,
    secureContext: contextFor(options),
  };
  return connect(settings);
}

/** @throws SseKitError `TLS_SETUP` (exit 2) when a certificate or key can't be used */
export function contextFor(options: TlsOptions): SecureContext {
  let context = contexts.get(options);
  if (context === undefined) {
    context = createContext(options);
    contexts.set(options, context);
  }
  return context;
}

function createContext(options: TlsOptions): SecureContext {
  const ca =
    options.extraCa === undefined ? options.ca : [...(options.ca ?? rootCertificates), ...options.extraCa];
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca: [...ca] }),
      ...(options.cert === undefined ? {} : { cert: options.cert }),
      ...(options.key === undefined ? {} : { key: options.key }),
      ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
    });
  } catch (error) {
    const reason = (error as { reason?: string }).reason ?? (error as Error).message;
    throw new SseKitError('TLS_SETUP', 2, `the certificate or key can't be used: ${reason}`, {
      hint:
        codeOf(error) === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'
          ? '--cert and --key do not belong together'
          : 'PEM files are wanted; an encrypted key needs its password: --cert FILE:PASSWORD',
      cause: error,
    });
  }
}
