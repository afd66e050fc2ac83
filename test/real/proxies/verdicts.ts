import type { FaultId } from '../../../src/checks/faults/fault.ts';
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

/**
 * By product and configuration: all that `default` and `fixed` do, of the others what they are there for. A fault that
 * stays where a product is `fixed` is the product's own in this version, and no configuration ends it.
 */
export const VERDICTS: Readonly<Record<string, Readonly<Record<string, Verdict>>>> = {
  nginx: {
    default: {
      idle: 'idle.cut',
      faults: {
        timing: 'buffer.threshold',
        'headers-first': 'buffer.headers',
        threshold: 'buffer.threshold',
        truncation: 'truncation.masked',
        post: 'buffer.request-body',
        'slow-client': 'buffer.unbounded',
      },
      passes: ['encoding', 'xab', 'client-gone', 'share', 'retry', 'bytes', 'request', 'status'],
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
      ],
    },
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
    rewriting: { faults: { bytes: 'bytes.changed' }, causes: { bytes: 'nginx.sub_filter' }, passes: [] },
  },
  HAProxy: {
    default: {
      idle: 'idle.cut',
      faults: {
        timing: 'buffer.timer',
        'client-gone': 'client-gone.on-next-write',
        truncation: 'truncation.masked',
      },
      passes: ['encoding', 'xab', 'share', 'retry', 'bytes', 'request', 'status', 'post'],
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
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'post',
        'idle',
      ],
    },
    impatient: { faults: { idle: 'idle.cut' }, passes: [] },
  },
  Apache: {
    default: {
      idle: 'pass',
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
      ],
    },
    fixed: { idle: 'pass', faults: {}, passes: ['idle'] },
    impatient: { faults: { idle: 'idle.cut' }, passes: [] },
    compressing: { faults: {}, passes: ['timing', 'encoding'] },
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
      ],
    },
    'flush_interval -1': { faults: { 'client-gone': 'client-gone.on-next-write' }, passes: [] },
    encoding: { faults: { encoding: 'compression.holds-events' }, passes: ['timing'] },
  },
  Varnish: {
    default: {
      idle: 'idle.cut',
      faults: { 'client-gone': 'client-gone.on-next-write', share: 'cache.shared' },
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
        'truncation',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'post',
        'idle',
      ],
    },
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
    'not streaming': {
      faults: {
        timing: 'buffer.until-end',
        'headers-first': 'buffer.headers',
        threshold: 'buffer.until-end',
      },
      passes: [],
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
      ],
    },
    fixed: { idle: 'pass', faults: {}, passes: ['request'] },
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
      passes: ['encoding', 'xab', 'share', 'retry', 'bytes', 'request', 'status'],
    },
    fixed: {
      idle: 'pass',
      faults: { 'client-gone': 'client-gone.on-next-write', truncation: 'truncation.masked' },
      passes: [
        'timing',
        'headers-first',
        'threshold',
        'encoding',
        'xab',
        'share',
        'retry',
        'bytes',
        'request',
        'status',
        'post',
      ],
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
      unmended: ['post'],
      passes: ['timing', 'threshold', 'encoding', 'xab', 'share', 'retry', 'bytes', 'request', 'status'],
    },
    fixed: { idle: 'pass', faults: {}, passes: ['idle'] },
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
      ],
    },
    fixed: { idle: 'pass', faults: {}, passes: ['idle'] },
    impatient: { faults: { idle: 'idle.cut' }, passes: [] },
  },
  ...NODE_VERDICTS,
};
