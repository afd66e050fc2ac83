import type { Behaviour, BenchReconnect, DeliveryOptions } from '../../../bench/options.ts';
import type { GoodputRule } from '../../../bench/thresholds/goodput.ts';
import type { Threshold } from '../../../bench/thresholds/threshold.ts';
import type { Flag } from '../flag.ts';
import type { HeaderEdit } from '../headers.ts';
import type { RequestFlags } from '../request-flags.ts';
import { deliveryFlags } from './delivery-flags.ts';
import { judgingFlags } from './judging-flags.ts';
import { loadFlags } from './load-flags.ts';
import { type BenchOutputFlags, benchOutputFlags } from './output-flags.ts';
import type { PublishTarget } from './publish.ts';
import type { Stages } from './shape-values.ts';
import { streamFlags } from './stream-flags.ts';

/** The flags of `bench` as parsed: every key may be absent. */
export interface BenchFlags extends RequestFlags, BenchOutputFlags {
  connections?: number;
  rate?: number;
  arrival?: 'constant' | 'poisson';
  for?: number;
  rampUp?: number;
  warmUp?: number;
  stages?: Stages;
  workers?: number | 'auto';
  localAddress?: readonly string[];
  streamsPerConnection?: number;
  seed?: number;
  streamFor?: number;
  maxEvents?: number;
  untilData?: string[];
  maxTime?: number;
  users?: string;
  slow?: NonNullable<Behaviour['slow']>;
  cancel?: NonNullable<Behaviour['cancel']>;
  reconnect?: BenchReconnect['mode'];
  retryDelay?: number;
  retryMax?: number;
  jitter?: number;
  dropAt?: NonNullable<Behaviour['drop']>;
  sequence?: NonNullable<DeliveryOptions['sequence']>;
  sentAt?: string;
  publish?: PublishTarget;
  publishRate?: number;
  publishBody?: string;
  publishHeader?: HeaderEdit[];
  threshold?: Threshold[];
  abortOnFail?: boolean;
  minSamples?: number;
  goodput?: GoodputRule;
}

export function benchFlags(): Flag[] {
  return [...loadFlags(), ...streamFlags(), ...deliveryFlags(), ...judgingFlags(), ...benchOutputFlags()];
}

/** Flags that are planned, and not built yet. */
export const LATER = ['--llm', '--baseline', '--max-regression', '--shard', '--start-at'];
