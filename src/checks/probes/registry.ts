import type { Probe } from '../probe.ts';
import { bytes } from './bytes.ts';
import { capacity } from './capacity.ts';
import { clientGone } from './client-gone.ts';
import { earlyHints } from './early-hints.ts';
import { encoding } from './encoding.ts';
import { h2 } from './h2.ts';
import { headersFirst } from './headers-first.ts';
import { idle } from './idle.ts';
import { lifetime } from './lifetime.ts';
import { post } from './post.ts';
import { reach } from './reach.ts';
import { request } from './request.ts';
import { responseHeaders } from './response-headers.ts';
import { retry } from './retry.ts';
import { share } from './share.ts';
import { slowClient } from './slow-client.ts';
import { status } from './status.ts';
import { threshold } from './threshold.ts';
import { timing } from './timing.ts';
import { truncation } from './truncation.ts';
import { typeMethod } from './type-method.ts';
import { xab } from './xab.ts';

/** Every probe, in the order in which it is listed and reported. */
export const PROBES: readonly Probe[] = [
  timing,
  headersFirst,
  threshold,
  encoding,
  typeMethod,
  xab,
  idle,
  lifetime,
  clientGone,
  truncation,
  share,
  retry,
  bytes,
  reach,
  request,
  responseHeaders,
  status,
  post,
  slowClient,
  capacity,
  h2,
  earlyHints,
];
