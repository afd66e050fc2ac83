import { isIP } from 'node:net';
import { generate } from 'selfsigned';

/** What a server shows of itself, and the key that proves it, in PEM. */
export interface ServerCertificate {
  /** With the certificates that lead to it, if there are any, behind it. */
  cert: string;
  key: string;
  /** Opens an encrypted key. */
  passphrase?: string;
}

const THIS_MACHINE = ['localhost', '127.0.0.1', '::1'];

/** Addresses that stand for every address: nobody connects to them by name. */
const UNSPECIFIED = new Set(['0.0.0.0', '::']);

const DAY_MS = 86_400_000;

/** Clocks of clients differ; and browsers refuse certificates that are good for more than 398 days. */
const VALID_DAYS = { before: 1, after: 365 };

/**
 * A certificate that vouches for itself, fresh with every call: for this machine's own names, and those given.
 *
 * @param names host names and addresses; an address that stands for every address is left out
 */
export async function selfSignedCertificate(names: readonly string[] = []): Promise<ServerCertificate> {
  const own = [...new Set([...THIS_MACHINE, ...names.filter((name) => !UNSPECIFIED.has(name))])];
  const now = Date.now();
  const made = await generate([{ name: 'commonName', value: 'ssekit serve-mock' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - VALID_DAYS.before * DAY_MS),
    notAfterDate: new Date(now + VALID_DAYS.after * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: own.map(altName) },
    ],
  });
  return { cert: made.cert, key: made.private };
}

function altName(name: string): { type: 2; value: string } | { type: 7; ip: string } {
  return isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name };
}
