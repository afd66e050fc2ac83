import type { Command } from 'commander';
import { usageError } from '../client/errors.ts';
import type { EventFilters, ListenOptions, ListenSource, StopConditions } from '../listen/options.ts';
import { colorWhen } from './flags/color.ts';
import { withoutContradictions } from './flags/contradictions.ts';
import { execOptions } from './flags/exec-flags.ts';
import { expectOptions } from './flags/expect-flags.ts';
import { findingsOptions } from './flags/findings-flags.ts';
import { LISTEN_CONTRADICTIONS } from './flags/listen-contradictions.ts';
import type { ListenFlags, TimeColumn } from './flags/listen-flags.ts';
import { RETRY_DELAY_MS, RETRY_MAX_MS } from './flags/wait-flags.ts';

/** Puts parsed flags into the shape that the session works on. */
export function listenOptions(
  given: ListenFlags,
  command: Command,
  source: ListenSource,
  idFromHeader: string,
  env: NodeJS.ProcessEnv,
): ListenOptions {
  const flags = withoutContradictions(given, command, LISTEN_CONTRADICTIONS);
  if (flags.lastEventId !== undefined && idFromHeader !== '') {
    throw usageError('--last-event-id: a Last-Event-ID header is given too', 'Leave one of them out.');
  }
  const options: ListenOptions = {
    source,
    format: flags.format ?? 'pretty',
    lastEventId: flags.lastEventId ?? idFromHeader,
    stop: stopConditions(flags),
    filters: eventFilters(flags),
    reconnect: {
      retries: retries(flags, command),
      retryDelayMs: flags.retryDelay ?? RETRY_DELAY_MS,
      retryMaxMs: flags.retryMax ?? RETRY_MAX_MS,
    },
    ...expectOptions(flags),
    ...execOptions(flags, command),
    ...findingsOptions(flags),
    comments: flags.comments ?? false,
    include: flags.include ?? false,
    verbose: flags.verbose ?? false,
    silent: flags.silent ?? false,
    showSecrets: flags.showSecrets ?? false,
    color: colorWhen(flags.color, env),
  };
  if (flags.join !== undefined) options.join = flags.join;
  if (flags.wire === true) options.wire = true;
  if (flags.state !== undefined) options.stateFile = flags.state;
  if (flags.record !== undefined) options.recordFile = flags.record;
  if (flags.timestamps !== undefined) {
    options.timestamps = flags.timestamps.filter((each): each is TimeColumn => each !== 'off');
  }
  if (flags.summary !== undefined) options.summary = flags.summary;
  return options;
}

function stopConditions(flags: ListenFlags): StopConditions {
  const stop: StopConditions = {};
  if (flags.maxEvents !== undefined) stop.maxEvents = flags.maxEvents;
  if (flags.for !== undefined) stop.forMs = flags.for;
  if (flags.untilData !== undefined) stop.untilData = flags.untilData;
  if (flags.untilEvent !== undefined) stop.untilEvent = flags.untilEvent;
  if (flags.until !== undefined) stop.untilRegex = flags.until;
  // 0 is curl's way to write "no limit".
  if (flags.maxTime !== undefined && flags.maxTime > 0) stop.maxTimeMs = flags.maxTime;
  return stop;
}

function eventFilters(flags: ListenFlags): EventFilters {
  const filters: EventFilters = {
    event: flags.event ?? [],
    excludeEvent: flags.excludeEvent ?? [],
    grep: flags.grep ?? [],
  };
  if (flags.path !== undefined) filters.path = flags.path;
  return filters;
}

/** `--follow` and `--retry` exclude each other on one command line; there, either beats the other's default. */
function retries(flags: ListenFlags, command: Command): number {
  const follow = flags.follow === true;
  if (!follow || flags.retry === undefined) return follow ? Number.POSITIVE_INFINITY : (flags.retry ?? 0);
  const followGiven = command.getOptionValueSource('follow') === 'cli';
  const retryGiven = command.getOptionValueSource('retry') === 'cli';
  if (followGiven === retryGiven) {
    throw usageError(
      '--follow reconnects for ever, --retry N gives up: give only one of them',
      '--retry N alone follows the stream until N attempts in a row have failed.',
    );
  }
  return followGiven ? Number.POSITIVE_INFINITY : flags.retry;
}
