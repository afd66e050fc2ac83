import { apache } from './apache.ts';
import { ats } from './ats.ts';
import { caddy } from './caddy.ts';
import type { Product } from './cause-kind.ts';
import { CDN } from './cdn.ts';
import { CLOUD } from './cloud.ts';
import { envoy } from './envoy.ts';
import { fetching } from './fetch.ts';
import { h2o } from './h2o.ts';
import { haproxy } from './haproxy.ts';
import { ingressNginx } from './ingress-nginx.ts';
import { INTERCEPTION } from './interception.ts';
import { lighttpd } from './lighttpd.ts';
import { nghttpx } from './nghttpx.ts';
import { nginx } from './nginx.ts';
import { compression, expressRateLimit, httpProxy, next } from './node.ts';
import { squid } from './squid.ts';
import { traefik } from './traefik.ts';
import { varnish } from './varnish.ts';

/** Every product of which causes and fixes are known. */
export const PRODUCTS: readonly Product[] = [
  nginx,
  ingressNginx,
  haproxy,
  apache,
  caddy,
  traefik,
  envoy,
  varnish,
  squid,
  lighttpd,
  h2o,
  nghttpx,
  ats,
  compression,
  expressRateLimit,
  httpProxy,
  fetching,
  next,
  ...CDN,
  ...CLOUD,
  ...INTERCEPTION,
];
