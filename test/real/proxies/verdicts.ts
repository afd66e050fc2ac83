import type { FaultId } from '../../../src/checks/faults/fault.ts';
import { PROBES } from '../../../src/checks/probes/registry.ts';
import { NODE_VERDICTS } from './node-verdicts.ts';

/** What probes are to find, by their ids; those that are named nowhere aren't run. */
export interface Verdict {
  faults: Readonly<Record<string, FaultId>>;
  passes: readonly string[];
  /** By probe, which cause is likeliest; where none is given, any of the product's. */
  causes?: Readonly<Record<string, string>>;
  /** Probes whose fault nothing that is known of the product mends; a fix of its own is printed of every other. */
  unmended?: readonly string[];
  /** What a minute of silence shows, for an application that sends something every minute: not asked at every change. */
  idle?: 'pass' | 'idle.cut';
}

/** What is asked of products that are set up as well as they can be, with more than streams need: all but a minute's life. */
const ALL = PROBES.map(({ id }) => id).filter((id) => id !== 'lifetime');

function allBut(...ids: readonly string[]): string[] {
  return ALL.filter((id) => !ids.includes(id));
}

/**
 * By product and configuration: all that `default` and `fixed` do, of the others what they are there for. A fault that
 * stays where a product is `fixed` is the product's own in this version, and no configuration ends it.
 */
export const VERDICTS: Readonly<Record<string, Readonly<Record<string, Verdict>>>> = {
  nginx: {
    default: {
      idle: 'idle.cut',
      faults: {
        '1xx': 'early-hints.broken',
        timing: 'buffer.threshold',
        'headers-first': 'buffer.headers',
        threshold: 'buffer.threshold',
        truncation: 'truncation.masked',
        post: 'buffer.request-body',
        'slow-client': 'buffer.unbounded',
      },
      passes: [
        'encoding',
        'xab',
        'client-gone',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'type-method',
        'lifetime',
      ],
    },
    fixed: {
      idle: 'pass',
      faults: {},
      passes: [
        'timing',
        'headers-first',
        'threshold',
        'encoding',
        'xab',
        'client-gone',
        'truncation',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'post',
        'idle',
        'slow-client',
        'capacity',
        'type-method',
        '1xx',
      ],
    },
    'HTTP/2 over TLS': {
      faults: { 'headers-first': 'buffer.headers' },
      causes: { 'headers-first': 'nginx.http2-head' },
      passes: allBut('headers-first'),
    },
    'limiting with room': { faults: {}, passes: allBut('h2') },
    'in production': { faults: {}, passes: allBut('h2') },
    'HTTP/1.1 to the origin': {
      faults: { 'headers-first': 'buffer.headers' },
      passes: ['timing', 'threshold', 'truncation'],
    },
    impatient: { faults: { idle: 'idle.cut' }, passes: [] },
    'compressing streams': {
      faults: { encoding: 'compression.holds-events' },
      causes: { encoding: 'nginx.gzip' },
      passes: ['timing'],
    },
    'caching what must not be': {
      faults: { share: 'cache.shared', 'client-gone': 'client-gone.unnoticed' },
      passes: [],
    },
    'ignoring that clients leave': { faults: { 'client-gone': 'client-gone.on-next-write' }, passes: [] },
    'without chunks': {
      faults: { truncation: 'truncation.masked' },
      causes: { truncation: 'nginx.chunked_transfer_encoding' },
      passes: [],
    },
    'changing the type': {
      faults: { 'response-headers': 'headers.type-changed' },
      causes: { 'response-headers': 'nginx.proxy_hide_header' },
      passes: ['timing', 'threshold', 'bytes', 'xab'],
    },
    'losing what answers say': {
      faults: { 'response-headers': 'headers.lost', status: 'headers.lost' },
      causes: { 'response-headers': 'nginx.proxy_hide_header', status: 'nginx.proxy_hide_header' },
      passes: ['request', 'bytes'],
    },
    'letting pages read': {
      faults: { 'response-headers': 'headers.cors-twice' },
      causes: { 'response-headers': 'nginx.add_header' },
      passes: ['bytes'],
    },
    'letting pages read, alone': { faults: {}, passes: ['response-headers'] },
    'limiting how often': {
      faults: { reach: 'origin.not-asked' },
      causes: { reach: 'nginx.limit_req' },
      passes: [],
    },
    'limiting how many': {
      faults: { capacity: 'capacity.limit' },
      causes: { capacity: 'nginx.limit_conn' },
      passes: ['status'],
    },
    'with large buffers': {
      faults: { timing: 'buffer.threshold', threshold: 'buffer.threshold' },
      passes: ['encoding'],
    },
    'slowing answers down': {
      faults: { threshold: 'rate.limit' },
      causes: { threshold: 'nginx.limit_rate' },
      passes: ['timing', 'encoding'],
    },
    rewriting: { faults: { bytes: 'bytes.changed' }, causes: { bytes: 'nginx.sub_filter' }, passes: [] },
  },
  HAProxy: {
    default: {
      idle: 'idle.cut',
      faults: {
        'headers-first': 'buffer.timer',
        timing: 'buffer.timer',
        threshold: 'buffer.timer',
        'client-gone': 'client-gone.on-next-write',
      },
      passes: [
        'truncation',
        'encoding',
        'xab',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'post',
        'type-method',
        '1xx',
        'lifetime',
      ],
    },
    fixed: {
      idle: 'pass',
      faults: {},
      passes: [
        'timing',
        'headers-first',
        'threshold',
        'encoding',
        'xab',
        'client-gone',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'post',
        'idle',
        'type-method',
        '1xx',
      ],
    },
    'HTTP/2 over TLS': {
      faults: { truncation: 'truncation.masked' },
      causes: { truncation: 'haproxy.h2-end' },
      passes: allBut('truncation'),
    },
    'in production': { faults: {}, passes: allBut('h2') },
    'HTTP/2': { faults: { truncation: 'truncation.masked' }, passes: ['timing', 'headers-first', 'h2'] },
    'inspecting answers': {
      faults: { 'headers-first': 'headers.late' },
      causes: { 'headers-first': 'haproxy.inspect-delay' },
      passes: ['timing', 'threshold'],
    },
    'waiting for whole answers': {
      faults: { timing: 'buffer.until-end' },
      causes: { timing: 'haproxy.wait-for-body' },
      passes: ['reach'],
    },
    impatient: { faults: { idle: 'idle.cut' }, passes: [] },
  },
  Apache: {
    default: {
      idle: 'idle.cut',
      faults: { 'client-gone': 'client-gone.on-next-write', post: 'buffer.request-body' },
      passes: [
        'timing',
        'headers-first',
        'threshold',
        'encoding',
        'xab',
        'truncation',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'type-method',
        '1xx',
        'lifetime',
      ],
    },
    fixed: { idle: 'pass', faults: {}, passes: ['idle', 'type-method', '1xx'] },
    impatient: { faults: { idle: 'idle.cut' }, passes: [] },
    compressing: { faults: {}, passes: ['timing', 'encoding'] },
    'HTTP/2': {
      faults: { h2: 'h2.stream-limit' },
      causes: { h2: 'apache.mod_http2' },
      passes: ['timing'],
    },
    'HTTP/2 over TLS': {
      faults: {
        'client-gone': 'client-gone.on-next-write',
        post: 'buffer.request-body',
        h2: 'h2.stream-limit',
      },
      causes: { h2: 'apache.mod_http2' },
      passes: allBut('client-gone', 'post', 'h2'),
    },
    'in production': {
      faults: { 'client-gone': 'client-gone.on-next-write' },
      passes: allBut('client-gone', 'h2'),
    },
    'changing Cache-Control': {
      faults: { 'response-headers': 'headers.not-of-a-stream' },
      causes: { 'response-headers': 'apache.header-cache-control' },
      passes: ['bytes'],
    },
    'with two workers': { faults: { capacity: 'capacity.limit' }, passes: [] },
  },
  Caddy: {
    default: {
      idle: 'pass',
      faults: { truncation: 'truncation.masked' },
      passes: [
        'timing',
        'headers-first',
        'threshold',
        'encoding',
        'xab',
        'client-gone',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'post',
        'type-method',
        '1xx',
        'lifetime',
      ],
    },
    'flush_interval -1': { faults: { 'client-gone': 'client-gone.on-next-write' }, passes: [] },
    encoding: { faults: { encoding: 'compression.holds-events' }, passes: ['timing'] },
    'changing Cache-Control': {
      faults: { 'response-headers': 'headers.not-of-a-stream' },
      causes: { 'response-headers': 'caddy.header_down' },
      passes: ['bytes'],
    },
    'ending answers': {
      faults: { lifetime: 'lifetime.cut' },
      causes: { lifetime: 'caddy.write-timeout' },
      passes: ['timing'],
    },
    'trying again': {
      faults: { retry: 'retry.repeated' },
      causes: { retry: 'caddy.lb_try_duration' },
      passes: ['timing'],
    },
    'HTTP/2 over TLS': {
      faults: { truncation: 'truncation.masked' },
      passes: allBut('truncation'),
    },
    'in production': {
      faults: { truncation: 'truncation.masked' },
      passes: allBut('truncation', 'h2'),
    },
  },
  Varnish: {
    default: {
      idle: 'idle.cut',
      faults: {
        '1xx': 'early-hints.broken',
        'client-gone': 'client-gone.on-next-write',
        share: 'cache.shared',
      },
      passes: [
        'timing',
        'headers-first',
        'threshold',
        'encoding',
        'xab',
        'truncation',
        'retry',
        'bytes',
        'request',
        'status',
        'post',
        'type-method',
        'lifetime',
      ],
    },
    fixed: {
      idle: 'pass',
      faults: { '1xx': 'early-hints.broken' },
      passes: [
        'timing',
        'headers-first',
        'threshold',
        'encoding',
        'xab',
        'truncation',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'post',
        'idle',
        'type-method',
      ],
    },
    piping: { faults: {}, passes: allBut('h2') },
    impatient: { faults: { idle: 'idle.cut' }, passes: [] },
    compressing: {
      faults: {
        timing: 'buffer.threshold',
        'headers-first': 'buffer.headers',
        threshold: 'buffer.threshold',
        'client-gone': 'client-gone.unnoticed',
      },
      passes: [],
    },
    retrying: {
      faults: { retry: 'retry.repeated' },
      causes: { retry: 'varnish.retry' },
      passes: ['truncation'],
    },
    'not streaming': {
      faults: {
        timing: 'buffer.until-end',
        'headers-first': 'buffer.headers',
        threshold: 'buffer.until-end',
      },
      passes: [],
    },
    'looking for ESI': {
      faults: { timing: 'buffer.until-end', 'client-gone': 'client-gone.unnoticed' },
      causes: { timing: 'varnish.do_stream', 'client-gone': 'varnish.do_stream' },
      passes: [],
    },
    'letting streams into the cache': {
      faults: { 'client-gone': 'client-gone.unnoticed' },
      causes: { 'client-gone': 'varnish.cacheable-fetch' },
      passes: ['timing', 'headers-first'],
    },
    'changing Cache-Control': {
      faults: { 'response-headers': 'headers.not-of-a-stream' },
      causes: { 'response-headers': 'varnish.cache-control' },
      passes: ['bytes'],
    },
  },
  Squid: {
    default: {
      idle: 'pass',
      faults: { share: 'cache.shared-when-public', request: 'request.header-lost' },
      passes: [
        'timing',
        'headers-first',
        'threshold',
        'encoding',
        'xab',
        'client-gone',
        'truncation',
        'retry',
        'bytes',
        'status',
        'post',
        'type-method',
        '1xx',
        'lifetime',
      ],
    },
    fixed: { idle: 'pass', faults: {}, passes: ['request', 'type-method', '1xx'] },
  },
  lighttpd: {
    default: {
      idle: 'pass',
      faults: {
        timing: 'buffer.until-end',
        'headers-first': 'buffer.headers',
        threshold: 'buffer.until-end',
        'client-gone': 'client-gone.unnoticed',
        truncation: 'truncation.masked',
        post: 'buffer.request-body',
      },
      passes: [
        'encoding',
        'xab',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'type-method',
        '1xx',
        'lifetime',
      ],
    },
    fixed: {
      idle: 'pass',
      faults: { 'client-gone': 'client-gone.on-next-write' },
      passes: [
        'timing',
        'headers-first',
        'threshold',
        'encoding',
        'xab',
        'truncation',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'post',
        'type-method',
        '1xx',
      ],
    },
    'HTTP/2': {
      faults: { truncation: 'truncation.masked', h2: 'h2.few-streams' },
      causes: { h2: 'lighttpd.h2-streams' },
      passes: ['timing'],
    },
  },
  h2o: {
    default: {
      idle: 'idle.cut',
      faults: {
        'headers-first': 'buffer.headers',
        'client-gone': 'client-gone.on-next-write',
        truncation: 'truncation.masked',
        post: 'buffer.request-body',
      },
      passes: [
        'timing',
        'threshold',
        'encoding',
        'xab',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'type-method',
        '1xx',
        'lifetime',
      ],
    },
    fixed: { idle: 'pass', faults: {}, passes: ['idle', 'type-method', '1xx'] },
    'HTTP/2': { faults: { truncation: 'truncation.masked' }, passes: ['timing', 'h2'] },
    impatient: { faults: { idle: 'idle.cut' }, passes: [] },
  },
  nghttpx: {
    default: {
      idle: 'idle.cut',
      faults: {},
      passes: [
        'timing',
        'headers-first',
        'threshold',
        'encoding',
        'xab',
        'client-gone',
        'truncation',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'post',
        'type-method',
        '1xx',
        'lifetime',
      ],
    },
    fixed: { idle: 'pass', faults: {}, passes: ['idle', 'type-method', '1xx'] },
    'HTTP/2': { faults: {}, passes: ['timing', 'truncation', 'h2'] },
    'HTTP/2 over TLS': { faults: {}, passes: ALL },
    impatient: { faults: { idle: 'idle.cut' }, passes: [] },
  },
  ...NODE_VERDICTS,
};
