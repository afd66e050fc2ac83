import { monotonicMs } from '../client/clock.ts';
import { createPool } from '../client/pool.ts';
import { ReconnectPolicy, type ReconnectSettings } from '../client/reconnect.ts';
import type { StreamRequest } from '../client/request.ts';
import type { RunClock } from './clock.ts';
import type { Feed } from './feed.ts';

/** A server, asked again as the reconnect settings say. */
export function httpFeed(request: StreamRequest, settings: ReconnectSettings, clock: RunClock): Feed {
  const pool = createPool();
  const policy = new ReconnectPolicy(settings);
  return {
    clock,
    hasHead: true,
    start: ({ lastEventId }, sink) => pool.open(request, { lastEventId, plannedAt: monotonicMs() }, sink),
    opened: () => policy.opened(),
    serverAsked: (ms) => policy.serverAsked(ms),
    next: (close, accepted) => policy.next(close, accepted),
    close: () => pool.close(),
  };
}
