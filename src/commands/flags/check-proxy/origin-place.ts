import type { OriginPlace } from '../../../checks/origin/own-origin.ts';
import { unbracket } from '../../../client/host.ts';
import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';

const LAST_PORT = 65_535;
/** As help and reports write it where they can't know the address. */
const PLACEHOLDER = /^<?(?:host)?:port>?$/i;

/**
 * `HOST:PORT`, `:PORT` on this machine; an IPv6 address in brackets.
 *
 * @throws InvalidValue
 */
export function parseOriginPlace(text: string): OriginPlace {
  const trimmed = text.trim();
  if (/^https?:\/\//i.test(trimmed)) {
    throw new InvalidValue(
      `${quoted(text)} is a URL: the origin is an address of this machine`,
      'Write HOST:PORT, for example 127.0.0.1:9000: what the configuration of the proxy names as its upstream.',
    );
  }
  if (PLACEHOLDER.test(trimmed)) {
    throw new InvalidValue(
      `${quoted(text)} stands for the address of your application`,
      'Write the one that the proxy sends its requests to (nginx: proxy_pass; HAProxy: server), for example 127.0.0.1:9000, or :9000.',
    );
  }
  const [, host, port] = /^(\[[^\]]+\]|[^:[\]]*):(\d+)$/.exec(trimmed) ?? [];
  if (host === undefined || port === undefined) {
    throw new InvalidValue(`${quoted(text)} is not HOST:PORT`, 'For example 127.0.0.1:9000, or :9000.');
  }
  const number = Number(port);
  if (number < 1 || number > LAST_PORT) {
    throw new InvalidValue(
      `${quoted(text)}: port ${port} is not between 1 and ${LAST_PORT}`,
      'It is the one that the proxy sends its requests to.',
    );
  }
  return { host: host === '' ? '127.0.0.1' : unbracket(host), port: number };
}
