import { isIP } from 'node:net';
import { unbracket } from '../../client/host.ts';
import type { ConnectToRule, ResolveRule } from '../../client/request.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';

/** `host:port:addr[,addr]…`; a leading `+` (curl: expires) changes nothing in a single run. */
export function parseResolve(text: string): ResolveRule {
  const match = /^\+?(\[[^\]]+\]|[^:[\]]+):(\d+|\*):(.+)$/.exec(text.trim());
  const [, host, port, list] = match ?? [];
  if (host === undefined || port === undefined || list === undefined) {
    throw new InvalidValue(
      `${quoted(text)} is not host:port:address`,
      'For example: example.com:443:127.0.0.1',
    );
  }
  checkPort(port, text);
  const addresses = list.split(',').map((each) => unbracket(each.trim()));
  const wrong = addresses.find((each) => isIP(each) === 0);
  if (wrong !== undefined) {
    throw new InvalidValue(
      `${quoted(wrong)} is not an IP address`,
      'To go to another name instead, use --connect-to host:port:name:port.',
    );
  }
  return { host: unbracket(host), port, addresses };
}

/** `host:port:toHost:toPort`, each of which may be empty; IPv6 addresses in brackets. */
export function parseConnectTo(text: string): ConnectToRule {
  const match = /^(\[[^\]]+\]|[^:[\]]*):(\d*):(\[[^\]]+\]|[^:[\]]*):(\d*)$/.exec(text.trim());
  const [, host, port, toHost, toPort] = match ?? [];
  if (host === undefined || port === undefined || toHost === undefined || toPort === undefined) {
    throw new InvalidValue(
      `${quoted(text)} is not host:port:to-host:to-port`,
      'Parts may be empty: ::127.0.0.1:8443 takes every connection there.',
    );
  }
  checkPort(port, text);
  checkPort(toPort, text);
  return { host: unbracket(host), port, toHost: unbracket(toHost), toPort };
}

function checkPort(port: string, text: string): void {
  if (/^\d+$/.test(port) && (Number(port) < 1 || Number(port) > 65535)) {
    throw new InvalidValue(`${quoted(text)}: port ${port} is not between 1 and 65535`);
  }
}
