import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface KeyPair {
  cert: string;
  key: string;
}

export interface Certificates {
  ca: KeyPair;
  /** For localhost, 127.0.0.1 and ::1, signed by `ca`. */
  leaf: KeyPair;
  /** For another name, signed by `ca`. */
  otherName: KeyPair;
  /** For localhost, ended yesterday, signed by `ca`. */
  expired: KeyPair;
  /** For localhost, signed by itself. */
  selfSigned: KeyPair;
  /** A client's, signed by `ca`. */
  client: KeyPair;
}

const DAY_MS = 86_400_000;
let made: Promise<Certificates> | undefined;

/** Made once per test process. */
export function certificates(): Promise<Certificates> {
  made ??= make();
  return made;
}

/** Writes PEM texts to files for flags that take a path; the folder goes with the test process. */
export function pemFiles<Name extends string>(texts: Record<Name, string>): Record<Name, string> {
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-pem-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const paths: Partial<Record<Name, string>> = {};
  for (const name in texts) {
    const path = join(folder, `${name}.pem`);
    writeFileSync(path, texts[name]);
    paths[name] = path;
  }
  return paths as Record<Name, string>;
}

async function make(): Promise<Certificates> {
  const ca = await pair('ssekit test authority', {
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const localhost = [
    { type: 2 as const, value: 'localhost' },
    { type: 7 as const, ip: '127.0.0.1' },
    { type: 7 as const, ip: '::1' },
  ];
  const names = (altNames: typeof localhost) => [{ name: 'subjectAltName' as const, altNames }];
  const yesterday = new Date(Date.now() - DAY_MS);
  return {
    ca,
    leaf: await pair('localhost', { ca, extensions: names(localhost) }),
    otherName: await pair('elsewhere.example', {
      ca,
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'elsewhere.example' }] }],
    }),
    expired: await pair('localhost', {
      ca,
      extensions: names(localhost),
      notBeforeDate: new Date(Date.now() - 2 * DAY_MS),
      notAfterDate: yesterday,
    }),
    selfSigned: await pair('localhost', { extensions: names(localhost) }),
    client: await pair('a test client', { ca }),
  };
}

async function pair(commonName: string, options: Parameters<typeof generate>[1]): Promise<KeyPair> {
  const subject = [{ name: 'commonName', value: commonName }];
  const made = await generate(subject, { keyType: 'ec', algorithm: 'sha256', ...options });
  return { cert: made.cert, key: made.private };
}
