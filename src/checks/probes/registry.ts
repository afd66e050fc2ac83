import type { Probe } from '../probe.ts';
import { bytes } from './bytes.ts';

/** Every probe, in the order in which it is listed and reported. */
export const PROBES: readonly Probe[] = [bytes];
