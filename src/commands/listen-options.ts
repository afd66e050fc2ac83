import type { Command } from 'commander';
import { usageError } from '../client/errors.ts';
import type { EventFilters, ListenOptions, ListenSource, StopConditions } from '../listen/options.ts';
import { formatDuration } from '../notation/duration.ts';
import { colorWhen } from './flags/color.ts';
import { withoutContradictions } from './flags/contradictions.ts';
import { execOptions } from './flags/exec-flags.ts';
import { expectOptions } from './flags/expect-flags.ts';
import { findingsOptions } from './flags/findings-flags.ts';
import { LISTEN_CONTRADICTIONS } from './flags/listen-contradictions.ts';
import type { ListenFlags, TimeColumn } from './flags/listen-flags.ts';

/** The HTML standard leaves the first wait to the browser; 3 s is what most take. */
const RETRY_DELAY_MS = 3_000;
const RETRY_MAX_MS = 30_000;

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

/** What to tell whoever limits waits to less than the first one: it is the limit that gives way. */
export function retryNote({ retryMax }: ListenFlags, { reconnect }: ListenOptions): string | undefined {
  const { retries, retryDelayMs } = reconnect;
  if (retries === 0 || retryMax === undefined || retryMax >= retryDelayMs) return undefined;
  const wait = formatDuration(retryDelayMs);
  return `--retry-max ${formatDuration(retryMax)} is less than the first wait (--retry-delay, ${wait}): the longest is ${wait}`;
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
