/** The address inside the brackets of an IPv6 literal, or the host as it is. */
export function unbracket(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** As it stands in front of a port: an IPv6 address in brackets. */
export function bracket(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** `host:port` of a URL, though it leaves out the port of its scheme. */
export function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
}

/** `host:port`, an IPv6 address in brackets. */
export function authority({ host, port }: { host: string; port: number }): string {
  return `${bracket(host)}:${port}`;
}
