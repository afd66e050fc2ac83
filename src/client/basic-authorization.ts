/** `Authorization`, or `Proxy-Authorization`, for HTTP Basic (RFC 7617), as UTF-8. */
export function basicAuthorization(userAndPassword: string): string {
  return `Basic ${Buffer.from(userAndPassword, 'utf8').toString('base64')}`;
}
