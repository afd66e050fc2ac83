import type { AuthRule } from './auth.ts';
import type { Hub } from './channels/hub.ts';
import type { FaultSpec } from './faults/spec.ts';
import type { ListenOptions } from './http/listener.ts';
import type { LimitRule } from './limits.ts';
import type { LostIdPolicy } from './lost-id.ts';
import type { MockObserver } from './observer.ts';
import type { Site } from './site.ts';

/** All that a server needs to know: validated, with every default filled in. */
export interface MockConfig extends ListenOptions {
  site: Site;
  hub: Hub;
  /** Silence after which a stream gets a keepalive; 0: never. */
  heartbeatMs: number;
  /** The reconnection time that streams announce first thing. */
  retryMs: number | undefined;
  faults: readonly FaultSpec[];
  seed: number;
  /** Between the parts of the fault `split`. */
  splitGapMs: number;
  /** Queries change nothing: neither shape nor faults. */
  fixed: boolean;
  onLostId: LostIdPolicy;
  auth: AuthRule | undefined;
  limit: LimitRule | undefined;
  /** `*`: pages of any origin may read; else the one that may. */
  cors: string;
  maxPayloadBytes: number;
  /** Of published events, a second. */
  maxPublishRate: number | undefined;
  /** User-space bytes that a reader may hold; with more it is dropped. */
  maxStalledBytes: number;
  /** What streams are compressed with, where the client accepts it. */
  compress: 'gzip' | 'br' | undefined;
  observer: MockObserver;
  /** Lets the whole server stand still, for the fault of that name. Default: this process does. */
  freeze?(ms: number): void;
}
