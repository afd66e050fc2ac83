/** Pages that a proxy writes itself where it has no answer of the server behind it, as they come without a setting. */
const PAGES: readonly { product: string; page: RegExp }[] = [
  {
    product: 'haproxy',
    // https://docs.haproxy.org/2.6/configuration.html#4.2-errorfile; those of 2.6.12.
    page: /<h1>50[234] [\w -]+<\/h1>\s*(?:The server didn't respond in time|No server is available to handle this request|The server returned an invalid or incomplete response)\./,
  },
  { product: 'nginx', page: /<hr><center>(?:nginx|openresty)\b/ },
  {
    product: 'envoy',
    // https://github.com/envoyproxy/envoy/blob/main/source/common/router/router.cc
    page: /^(?:upstream request timeout|no healthy upstream|upstream connect error or disconnect\/reset before headers)/,
  },
];

/** Whose page it is, by its text; nothing of who writes one that says nothing of him. */
export function writerOfPage(text: string): string | undefined {
  return PAGES.find(({ page }) => page.test(text))?.product;
}
