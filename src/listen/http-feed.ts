import { monotonicMs } from '../client/clock.ts';
import { createPool } from '../client/pool.ts';
import { type NextAttempt, ReconnectPolicy, type ReconnectSettings } from '../client/reconnect.ts';
import type { CloseInfo, Warning } from '../client/records.ts';
import type { StreamRequest } from '../client/request.ts';
import type { RunClock } from './clock.ts';
import type { Feed } from './feed.ts';

type Wait = Extract<NextAttempt, { kind: 'wait' }>;

const CLAMPED: Warning = {
  code: 'retry-after-clamped',
  message: 'the wait that Retry-After asks for is limited to 1 h',
};
const BODY_RESENT: Warning = {
  code: 'body-resent',
  message: 'the request body is sent again with each attempt',
};

/** A server, asked again as the reconnect settings say. */
export function httpFeed(request: StreamRequest, settings: ReconnectSettings, clock: RunClock): Feed {
  const pool = createPool();
  const policy = new ReconnectPolicy(settings);
  let saidBodyIsResent = false;
  const warningsOn = (close: CloseInfo, { cause }: Wait): Warning[] => {
    const warnings: Warning[] = [];
    if (cause === 'retry-after' && close.retryAfterClamped === true) warnings.push(CLAMPED);
    if (request.body !== undefined && !saidBodyIsResent) warnings.push(BODY_RESENT);
    saidBodyIsResent = true;
    return warnings;
  };
  return {
    clock,
    hasHead: true,
    start: ({ lastEventId }, sink) => pool.open(request, { lastEventId, plannedAt: monotonicMs() }, sink),
    opened: () => policy.opened(),
    serverAsked: (ms) => policy.serverAsked(ms),
    next(close, accepted) {
      const next = policy.next(close, accepted);
      return next.kind === 'stop' ? next : { ...next, warnings: warningsOn(close, next) };
    },
    close: () => pool.close(),
  };
}
