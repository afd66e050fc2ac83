import type { FaultId } from '../../../src/checks/faults/fault.ts';

/** What a probe is to find: a fault, or nothing. */
export type Expected = FaultId | 'pass';

/** By product, configuration and probe. What isn't named here isn't run: faults that are the product's own are asked once. */
export const VERDICTS: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, Expected>>>>>
> = {
  nginx: {
    default: { 'client-gone': 'pass', bytes: 'pass', status: 'pass' },
    fixed: { 'client-gone': 'pass', bytes: 'pass', status: 'pass' },
    'caching what must not be': { 'client-gone': 'client-gone.unnoticed' },
    'ignoring that clients leave': { 'client-gone': 'client-gone.on-next-write' },
    rewriting: { 'client-gone': 'pass', bytes: 'bytes.changed' },
  },
  HAProxy: {
    default: { 'client-gone': 'client-gone.on-next-write', bytes: 'pass', request: 'pass', status: 'pass' },
    fixed: { bytes: 'pass' },
  },
  Apache: {
    default: { 'client-gone': 'client-gone.on-next-write', bytes: 'pass', request: 'pass', status: 'pass' },
    compressing: { bytes: 'pass' },
  },
  Caddy: {
    default: { 'client-gone': 'pass', bytes: 'pass', request: 'pass', status: 'pass' },
    'flush_interval -1': { 'client-gone': 'client-gone.on-next-write' },
  },
  Varnish: {
    default: { bytes: 'pass', request: 'pass', status: 'pass' },
    fixed: { 'client-gone': 'client-gone.on-next-write', bytes: 'pass' },
    compressing: { 'client-gone': 'client-gone.unnoticed', bytes: 'pass' },
  },
  Squid: {
    default: { 'client-gone': 'pass', bytes: 'pass', request: 'request.header-lost', status: 'pass' },
    fixed: { request: 'pass' },
  },
  lighttpd: {
    default: { 'client-gone': 'client-gone.unnoticed', bytes: 'pass', request: 'pass', status: 'pass' },
    fixed: { 'client-gone': 'client-gone.on-next-write', bytes: 'pass' },
  },
  h2o: {
    default: { 'client-gone': 'client-gone.on-next-write', bytes: 'pass', request: 'pass', status: 'pass' },
  },
  nghttpx: {
    default: { 'client-gone': 'pass', bytes: 'pass', request: 'pass', status: 'pass' },
  },
};
