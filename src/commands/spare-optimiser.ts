import { setFlagsFromString } from 'node:v8';

/**
 * Node 20 optimises the HTTP parser after a single answer, which takes 75 ms of a processor, and a process that ends
 * meanwhile has to wait for it. With ten times the budget only long streams come to that, as on newer versions.
 *
 * To be called when everything is loaded: code that Node has compiled in advance doesn't go with changed flags.
 */
export function spareOptimiser(): void {
  if (process.version.startsWith('v20.')) setFlagsFromString('--wasm-tiering-budget=20000000');
}
