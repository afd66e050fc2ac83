import type { BenchOptions } from '../options.ts';
import { type Check, figureText } from './check.ts';
import type { Demand } from './demand.ts';
import type { Machine } from './machine.ts';

/** Beside its streams a process has files of its own, and connections that are being closed. */
const OWN_FILES = 50;

/** Of the limit, where the number of processes is ours to choose. */
const FILLED = 0.9;

export const MOST_WORKERS = 64;

/** A quarter of a core: 500 streams of an LLM at 50 tokens a second, or so many starts in a second. */
const STREAMS_PER_WORKER = 500;
const STARTS_PER_WORKER = 1_000;

/** More than that a worker may not start on time. */
const MOST_STARTS_PER_CORE = 2_000;

/**
 * What a start and an event take of a core, in seconds; a server on this machine takes about as much again. Measured on a
 * calm machine: 0.17 of a core at 750 starts a second, and 15 µs an event.
 */
const START_SECONDS = 0.000_25;
const EVENT_SECONDS = 0.000_015;

/**
 * How many processes make the load. As many as the open files ask for, however few the cores; beyond that one for a
 * core's worth of work, and where the server runs on this machine too, one core is left to it. A small load has one.
 */
export function workersFor(
  options: BenchOptions,
  demand: Demand,
  machine: Machine,
  server: 'here' | 'elsewhere',
): number {
  if (options.workers !== 'auto') return options.workers;
  const cores = Math.max(1, machine.cores - (server === 'here' ? 1 : 0));
  const busy = Math.max(
    Math.ceil(demand.open / STREAMS_PER_WORKER),
    Math.ceil(demand.startsPerSecond / STARTS_PER_WORKER),
  );
  const room = machine.openFiles === undefined ? demand.connections : roomFor(machine.openFiles);
  const needed = Math.ceil(demand.connections / Math.max(1, room));
  return Math.max(1, Math.min(MOST_WORKERS, Math.max(needed, Math.min(cores, busy))));
}

/** Connections of a worker that leave some of the limit. */
function roomFor(openFiles: number): number {
  return Math.floor(openFiles * FILLED) - OWN_FILES;
}

export function descriptorsCheck(
  options: BenchOptions,
  demand: Demand,
  machine: Machine,
  workers: number,
): Check {
  const need = Math.ceil(demand.connections / workers) + OWN_FILES;
  const check = { id: 'descriptors', need, unit: 'open files' } as const;
  const { openFiles } = machine;
  if (openFiles === undefined) {
    return {
      ...check,
      have: null,
      status: 'not-checked',
      message: 'this system does not tell how many files a process may have open',
      remedy: `ulimit -n tells it: a worker needs ${figureText(need)}`,
    };
  }
  if (need <= openFiles) {
    const each = workers === 1 ? 'for the worker' : `for each of ${workers} workers`;
    return { ...check, have: openFiles, status: 'ok', message: each, remedy: '' };
  }
  const enough = Math.ceil(demand.connections / Math.max(1, roomFor(openFiles)));
  const more =
    enough > MOST_WORKERS
      ? 'spread the load over several machines'
      : options.workers === 'auto'
        ? undefined
        : `--workers ${enough}, or leave it out`;
  const raise = `raise the limit of a process: ulimit -n ${need}`;
  return {
    ...check,
    have: openFiles,
    status: demand.certain ? 'refused' : 'note',
    message: `${ifOpen(demand)}a worker needs ${figureText(need)} open files, and a process may have ${figureText(openFiles)}`,
    remedy: more === undefined ? raise : `${more}; or ${raise}`,
  };
}

export function cpuCheck(
  options: BenchOptions,
  demand: Demand,
  machine: Machine,
  workers: number,
  server: 'here' | 'elsewhere',
): Check {
  const { cores } = machine;
  const check = { id: 'cpu', unit: 'cores', have: cores } as const;
  const need = Math.max(1, Math.ceil(demand.startsPerSecond / MOST_STARTS_PER_CORE));
  if (need > Math.min(cores, workers)) {
    return {
      ...check,
      need,
      status: 'note',
      message: `up to ${figureText(Math.round(demand.startsPerSecond))} starts a second want ${need} cores and workers`,
      remedy: need > cores ? 'a slower ramp or rate, or several machines' : `--workers ${need}`,
    };
  }
  const wanted = coresFor(demand, server);
  if (wanted > cores) {
    const both = server === 'here' ? ', with the server on this machine' : '';
    return {
      ...check,
      need: Math.ceil(wanted),
      status: 'note',
      message: `${loadText(demand)} take about ${figureText(Math.ceil(wanted))} cores${both}, and there are ${figureText(cores)}`,
      remedy: `${server === 'here' ? 'the server on another machine, ' : ''}fewer streams, or several machines`,
    };
  }
  if (
    options.workers !== 'auto' &&
    workers > cores &&
    workers > demand.connections / roomFor(machine.openFiles ?? 1024)
  ) {
    return {
      ...check,
      need: workers,
      status: 'note',
      message: `${workers} workers wait for each other on ${cores} cores`,
      remedy: 'leave --workers out',
    };
  }
  const shared = server === 'here' ? '; the server runs on them too' : '';
  return {
    ...check,
    need: Math.max(need, Math.ceil(wanted)),
    status: 'ok',
    message: `${workers} worker${workers === 1 ? '' : 's'}${shared}`,
    remedy: '',
  };
}

/** How many events will come nobody knows beforehand: one a second for each stream that is certain to be held. */
function coresFor({ open, certain, startsPerSecond }: Demand, server: 'here' | 'elsewhere'): number {
  const held = certain ? open * EVENT_SECONDS : 0;
  return (held + startsPerSecond * START_SECONDS) * (server === 'here' ? 2 : 1);
}

function loadText({ open, certain, startsPerSecond }: Demand): string {
  const starts = `${figureText(Math.round(startsPerSecond))} starts a second`;
  return certain ? `${starts} and an event a second on each of ${figureText(open)} streams` : starts;
}

/** Opens a sentence about a need that may not arise. */
export function ifOpen(demand: Demand): string {
  return demand.certain ? '' : 'should all streams stay open, ';
}
