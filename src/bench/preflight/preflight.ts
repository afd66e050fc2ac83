import type { BenchOptions } from '../options.ts';
import type { Plan } from '../plan/plan.ts';
import { type Check, figureText, type Preflight, refusalOf } from './check.ts';
import { type Demand, demandOf } from './demand.ts';
import type { Machine } from './machine.ts';
import { namedSourcesCheck } from './named-sources.ts';
import { automaticSources, portsCheck } from './ports.ts';
import { type Reached, reachedBy, serverOf } from './reach.ts';
import { cpuCheck, descriptorsCheck, ifOpen, workersFor } from './workers.ts';

/** Resident memory of a stream, of a connection with TLS or HTTP/2 on top of that, and of a worker with neither. */
const STREAM_BYTES = 16 * 1024;
const SESSION_BYTES = 48 * 1024;
const WORKER_BYTES = 60 * 1024 * 1024;

/** More than that of what there is, and the system may begin to swap. */
const MOST_MEMORY = 0.8;

/**
 * What a plan needs, against what this machine has, before the first connection; and what follows for the number of
 * workers and the source addresses where the user left them open.
 */
export function preflight(options: BenchOptions, plan: Plan, machine: Machine): Preflight {
  const demand = demandOf(options, plan);
  const reached = reachedBy(options, machine);
  const server = serverOf(reached);
  const workers = workersFor(options, demand, machine, server);
  const sources = options.localAddresses ?? automaticSources(demand, reached, machine);
  const checks = [
    descriptorsCheck(options, demand, machine, workers),
    ...(options.localAddresses === undefined
      ? []
      : [namedSourcesCheck(options.localAddresses, reached, machine)]),
    portsCheck(options, demand, reached, machine, sources),
    memoryCheck(options, demand, machine, workers, server),
    cpuCheck(options, demand, machine, workers, server),
    ...(server === 'here' ? targetCheck(demand, reached, machine) : []),
  ];
  return {
    checks,
    decisions: { workers, ...(sources === undefined ? {} : { localAddresses: sources }) },
    refusals: checks.filter(({ status }) => status === 'refused').map(refusalOf),
  };
}

/** The options with everything decided that they left open: what workers are told. */
export function decided(options: BenchOptions, { decisions }: Preflight): BenchOptions & { workers: number } {
  return { ...options, ...decisions };
}

function memoryCheck(
  { request }: BenchOptions,
  demand: Demand,
  machine: Machine,
  workers: number,
  server: 'here' | 'elsewhere',
): Check {
  const hasSessions =
    request.connection.http === '2-prior-knowledge' || request.urls.some((url) => /^https:/i.test(url));
  const need =
    demand.open * STREAM_BYTES +
    (hasSessions ? demand.connections * SESSION_BYTES : 0) +
    workers * WORKER_BYTES;
  const check = { id: 'memory', need, have: machine.memory, unit: 'bytes' } as const;
  const remedy = 'fewer streams, or several machines';
  if (need > machine.memory) {
    return {
      ...check,
      status: demand.certain ? 'refused' : 'note',
      message: `${ifOpen(demand)}${figureText(demand.open)} streams in ${workers} workers need more memory than there is`,
      remedy,
    };
  }
  const beside = server === 'here' ? ', and the server needs its own' : '';
  if (need > machine.memory * MOST_MEMORY) {
    return { ...check, status: 'note', message: `almost all that there is${beside}`, remedy };
  }
  return { ...check, status: 'ok', message: `for the load generator${beside}`, remedy: '' };
}

/** A server on this machine most likely lives with the same limit of open files. */
function targetCheck(demand: Demand, reached: readonly Reached[], { openFiles }: Machine): Check[] {
  const fullest = reached.reduce((most, each) => (each.share > most.share ? each : most));
  const need = Math.ceil(demand.connections * fullest.share);
  if (openFiles === undefined || need <= openFiles) return [];
  return [
    {
      id: 'target-cap',
      need,
      have: openFiles,
      unit: 'streams',
      status: 'note',
      message: `a server process with this machine's limit of ${figureText(openFiles)} open files can't hold ${figureText(need)} connections to ${fullest.name}`,
      remedy: 'several processes behind that port, or a port for each and their URLs',
    },
  ];
}
