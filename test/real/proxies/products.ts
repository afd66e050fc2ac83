import { apache } from './products/apache.ts';
import { caddy } from './products/caddy.ts';
import { h2o } from './products/h2o.ts';
import { haproxy } from './products/haproxy.ts';
import { lighttpd } from './products/lighttpd.ts';
import { nghttpx } from './products/nghttpx.ts';
import { nginx } from './products/nginx.ts';
import { compression, httpProxy, httpProxy3, httpProxyMiddleware, vite } from './products/node.ts';
import { squid } from './products/squid.ts';
import { varnish } from './products/varnish.ts';
import type { ProxyProduct } from './proxy-product.ts';

/** Every proxy that the tests run. */
export const products: readonly ProxyProduct[] = [
  nginx,
  haproxy,
  apache,
  caddy,
  varnish,
  squid,
  lighttpd,
  h2o,
  nghttpx,
  httpProxy,
  httpProxy3,
  httpProxyMiddleware,
  vite,
  compression,
];
