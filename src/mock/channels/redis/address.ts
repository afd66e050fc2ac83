import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';
import { maskUrl } from '../../../results/redaction.ts';

/** Where a Redis is, and who asks. */
export interface RedisAddress {
  host: string;
  port: number;
  tls: boolean;
  username: string | undefined;
  password: string | undefined;
  db: number;
  /** The URL for people's eyes: without its password. */
  shown: string;
}

const FORMS = 'Write redis://HOST:PORT, redis://USER:PASSWORD@HOST:PORT/DB, or rediss:// for TLS.';

/** @throws InvalidValue for what is no address of a Redis; the password is not repeated */
export function parseRedisUrl(text: string): RedisAddress {
  const shown = maskUrl(text.trim());
  if (!URL.canParse(text)) throw new InvalidValue(`${quoted(shown)} is no URL of a Redis`, FORMS);
  const url = new URL(text);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    throw new InvalidValue(`${quoted(shown)} is no URL of a Redis`, FORMS);
  if (url.hostname === '') throw new InvalidValue(`${quoted(shown)} names no host`, FORMS);
  if (url.search !== '' || url.hash !== '')
    throw new InvalidValue(`${quoted(shown)} has a query, and none is known here`, FORMS);
  const db = /^\/?(\d{0,5})$/.exec(url.pathname)?.[1];
  if (db === undefined)
    throw new InvalidValue(`${quoted(shown)} must end in the number of a database, or in nothing`, FORMS);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 6379 : Number(url.port),
    tls: url.protocol === 'rediss:',
    username: url.username === '' ? undefined : decoded(url.username),
    password: url.password === '' ? undefined : decoded(url.password),
    db: Number(db),
    shown,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % in a password: it means what is written.
    return text;
  }
}
