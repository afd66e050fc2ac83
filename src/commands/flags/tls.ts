import { usageError } from '../../client/errors.ts';
import type { TlsOptions } from '../../client/request.ts';
import { InvalidValue } from '../../notation/invalid-value.ts';
import type { FileReader } from './files.ts';

export interface CertificateFile {
  path: string;
  passphrase?: string;
}

export interface TlsFlags {
  insecure?: boolean;
  cacert?: string;
  cert?: CertificateFile;
  key?: string;
}

/** `FILE` or `FILE:PASSWORD`; a colon in the file's name is written `\:`, as in curl. */
export function parseCertificate(text: string): CertificateFile {
  const match = /^((?:\\.|[^:\\])*)(?::(.*))?$/s.exec(text);
  const path = (match?.[1] ?? text).replace(/\\([:\\])/g, '$1');
  if (path === '') throw new InvalidValue('the file name is empty');
  const passphrase = match?.[2];
  return passphrase === undefined ? { path } : { path, passphrase };
}

/** Reads the files that the flags name. Whether the key fits and the passphrase opens it, TLS finds out. */
export async function tlsOptions(
  flags: TlsFlags,
  files: FileReader,
  names: { cert: string; key: string } = { cert: '--cert', key: '--key' },
): Promise<TlsOptions> {
  const tls: TlsOptions = { insecure: flags.insecure ?? false };
  if (flags.cacert !== undefined) tls.ca = [await readPem(flags.cacert, '--cacert', 'CERTIFICATE', files)];
  if (flags.cert === undefined) {
    if (flags.key !== undefined)
      throw usageError(`${names.key}: a key alone proves nothing: ${names.cert} FILE is missing`);
    return tls;
  }
  tls.cert = await readPem(flags.cert.path, names.cert, 'CERTIFICATE', files);
  if (flags.key !== undefined) tls.key = await readPem(flags.key, names.key, 'PRIVATE KEY', files);
  // One file may hold both.
  else if (tls.cert.includes('PRIVATE KEY-----')) tls.key = tls.cert;
  else
    throw usageError(
      `${names.cert}: ${flags.cert.path} holds no private key`,
      `Name its file with ${names.key} FILE.`,
    );
  if (flags.cert.passphrase !== undefined) tls.passphrase = flags.cert.passphrase;
  return tls;
}

async function readPem(path: string, flag: string, kind: string, files: FileReader): Promise<string> {
  const text = (await files.read(path, flag)).toString('utf8');
  if (!new RegExp(`-----BEGIN [A-Z0-9 ]*${kind}-----`).test(text)) {
    const what = kind === 'CERTIFICATE' ? 'certificate' : 'private key';
    throw usageError(
      `${flag}: ${path} holds no ${what} in PEM form (-----BEGIN ${kind}-----)`,
      'DER and PKCS#12 files are turned into PEM by: openssl x509 -inform der, openssl pkcs12 -nodes.',
    );
  }
  return text;
}
