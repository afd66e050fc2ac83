import type { FaultId } from '../../../src/checks/faults/fault.ts';
import { NODE_VERDICTS } from './node-verdicts.ts';

/** What probes are to find, by their ids; those that are named nowhere aren't run. */
export interface Verdict {
  faults: Readonly<Record<string, FaultId>>;
  passes: readonly string[];
}

/**
 * By product and configuration: all that `default` and `fixed` do, of the others what they are there for. A fault that
 * stays where a product is `fixed` is the product's own in this version, and no configuration ends it.
 */
export const VERDICTS: Readonly<Record<string, Readonly<Record<string, Verdict>>>> = {
  nginx: {
    default: {
      faults: {
        timing: 'buffer.until-end',
        'headers-first': 'buffer.headers',
        threshold: 'buffer.threshold',
        truncation: 'truncation.masked',
        post: 'buffer.request-body',
        'slow-client': 'buffer.unbounded',
      },
      passes: ['encoding', 'xab', 'client-gone', 'share', 'retry', 'bytes', 'request', 'status'],
    },
    fixed: {
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
    'compressing streams': { faults: { encoding: 'compression.holds-events' }, passes: ['timing'] },
    'caching what must not be': {
      faults: { share: 'cache.shared', 'client-gone': 'client-gone.unnoticed' },
      passes: [],
    },
    'ignoring that clients leave': { faults: { 'client-gone': 'client-gone.on-next-write' }, passes: [] },
    'without chunks': { faults: { truncation: 'truncation.masked' }, passes: [] },
    rewriting: { faults: { bytes: 'bytes.changed' }, passes: [] },
  },
  HAProxy: {
    default: {
      faults: {
        timing: 'buffer.timer',
        'client-gone': 'client-gone.on-next-write',
        truncation: 'truncation.masked',
      },
      passes: ['encoding', 'xab', 'share', 'retry', 'bytes', 'request', 'status', 'post'],
    },
    fixed: {
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
    fixed: { faults: {}, passes: ['idle'] },
    impatient: { faults: { idle: 'idle.cut' }, passes: [] },
    compressing: { faults: {}, passes: ['timing', 'encoding'] },
    'with two workers': { faults: { capacity: 'capacity.limit' }, passes: [] },
  },
  Caddy: {
    default: {
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
        timing: 'buffer.until-end',
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
    fixed: { faults: {}, passes: ['request'] },
  },
  lighttpd: {
    default: {
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
      faults: {
        'headers-first': 'buffer.headers',
        'client-gone': 'client-gone.on-next-write',
        truncation: 'truncation.masked',
        post: 'buffer.request-body',
      },
      passes: ['timing', 'threshold', 'encoding', 'xab', 'share', 'retry', 'bytes', 'request', 'status'],
    },
    fixed: { faults: {}, passes: ['idle'] },
    impatient: { faults: { idle: 'idle.cut' }, passes: [] },
  },
  nghttpx: {
    default: {
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
    fixed: { faults: {}, passes: ['idle'] },
    impatient: { faults: { idle: 'idle.cut' }, passes: [] },
  },
  ...NODE_VERDICTS,
};
