import type { Probe } from '../probe.ts';
import { bytes } from './bytes.ts';
import { clientGone } from './client-gone.ts';
import { encoding } from './encoding.ts';
import { idle } from './idle.ts';
import { lifetime } from './lifetime.ts';
import { post } from './post.ts';
import { request } from './request.ts';
import { status } from './status.ts';
import { truncation } from './truncation.ts';

/** Every probe, in the order in which it is listed and reported. */
export const PROBES: readonly Probe[] = [
  encoding,
  idle,
  lifetime,
  clientGone,
  truncation,
  bytes,
  request,
  status,
  post,
];
