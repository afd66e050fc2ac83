/** `127.0.0.1:51234`, also of a socket that has IPv4 inside IPv6. */
export function endpointText(address: string, port: number): string {
  const plain = address.replace(/^::ffff:/i, '');
  return `${plain.includes(':') ? `[${plain}]` : plain}:${port}`;
}
