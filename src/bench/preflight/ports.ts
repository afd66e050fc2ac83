import type { BenchOptions } from '../options.ts';
import { type Check, figureText } from './check.ts';
import type { Demand } from './demand.ts';
import { isLoopback } from './destinations.ts';
import type { Machine } from './machine.ts';
import { type Reached, staysInIpv4Loopback } from './reach.ts';
import { CROWDED_SOURCE, loopbackAddresses, STREAMS_PER_SOURCE } from './source-addresses.ts';
import { ifOpen } from './workers.ts';

/** Of the ports for one destination so many are found at once; each further one costs the kernel 0.8 to 0.9 ms. */
const FOUND_AT_ONCE = 0.5;

/** Source addresses in 127.0.0.0/8 for as many streams as any machine holds. */
const MOST_AUTOMATIC = 4_096;

/**
 * The source addresses that are chosen where the user names none: in 127.0.0.0/8, when everything that is asked is there
 * and the ports of one address would get scarce.
 */
export function automaticSources(
  demand: Demand,
  reached: readonly Reached[],
  machine: Machine,
): readonly string[] | undefined {
  const ports = demand.connections + demand.lingering;
  if (ports <= STREAMS_PER_SOURCE || !machine.loopbackSources || reached.length === 0) return undefined;
  if (!reached.every((each) => staysInIpv4Loopback(each, machine))) return undefined;
  const count = Math.min(MOST_AUTOMATIC, Math.ceil(ports / STREAMS_PER_SOURCE));
  return loopbackAddresses(count, machine.run);
}

/** Whether there are local ports for all connections, from these source addresses or from the kernel's choice. */
export function portsCheck(
  options: BenchOptions,
  demand: Demand,
  reached: readonly Reached[],
  machine: Machine,
  sources: readonly string[] | undefined,
): Check {
  const check = { id: 'ports', unit: 'ports' } as const;
  if (reached.length === 0) {
    return {
      ...check,
      need: 0,
      have: machine.ports ?? null,
      status: 'ok',
      message:
        options.request.connection.unixSocket === undefined ? 'hosts come from users' : 'a unix socket',
      remedy: '',
    };
  }
  const judged =
    sources === undefined
      ? fromOneAddress(demand, reached, machine)
      : fromSources(demand, sources, machine, options.localAddresses === undefined ? 'automatic' : 'named');
  if (machine.ports === undefined) {
    return {
      ...check,
      need: judged.need,
      have: null,
      status: 'not-checked',
      message: 'this system does not tell how many local ports there are',
      remedy: 'beyond 14,000 connections to one port, --local-address A,B-C spreads them',
    };
  }
  return { ...check, ...judged, have: machine.ports };
}

type Judged = Pick<Check, 'need' | 'status' | 'message' | 'remedy'>;

/** The kernel chooses: each destination has the whole range of ports to itself. */
function fromOneAddress(demand: Demand, reached: readonly Reached[], machine: Machine): Judged {
  const fullest = reached.reduce((most, each) => (each.share > most.share ? each : most));
  const need = Math.ceil(demand.connections * fullest.share);
  const lingering = Math.ceil(demand.lingering * fullest.share * heldInTimeWait(fullest, machine));
  const ports = machine.ports ?? Number.POSITIVE_INFINITY;
  const to = `to ${fullest.name}`;
  const remedy = spreadRemedy(demand, need + lingering, fullest, machine);
  if (need > ports) {
    return {
      need,
      status: demand.certain ? 'refused' : 'note',
      message: `${ifOpen(demand)}${figureText(need)} connections ${to} need as many local ports, and there are ${figureText(ports)}`,
      remedy,
    };
  }
  if (need + lingering > ports) {
    return {
      need: need + lingering,
      status: 'note',
      message: `with ${figureText(lingering)} ports of closed connections, which the kernel keeps for 60 s where we closed first, ports ${to} run out`,
      remedy,
    };
  }
  if (need + lingering > ports * FOUND_AT_ONCE) {
    return {
      need: need + lingering,
      status: 'note',
      message: `beyond ${figureText(Math.floor(ports * FOUND_AT_ONCE))} connections ${to} the kernel takes almost 1 ms to find a port for each`,
      remedy,
    };
  }
  return { need: need + lingering, status: 'ok', message: to, remedy: '' };
}

/** Each source address has the whole range to itself, for all destinations together. */
function fromSources(
  demand: Demand,
  sources: readonly string[],
  machine: Machine,
  chosen: 'automatic' | 'named',
): Judged {
  const need = Math.ceil(demand.connections / sources.length);
  const lingering = Math.ceil(demand.lingering / sources.length);
  const ports = machine.ports ?? Number.POSITIVE_INFINITY;
  const enough = Math.ceil((demand.connections + demand.lingering) / STREAMS_PER_SOURCE);
  const remedy = `--local-address with ${figureText(enough)} addresses of this machine`;
  if (need > ports) {
    return {
      need,
      status: demand.certain ? 'refused' : 'note',
      message: `${ifOpen(demand)}${eachAddress(sources)} needs ${figureText(need)} local ports, and has ${figureText(ports)}`,
      remedy,
    };
  }
  if (need + lingering > ports) {
    return {
      need: need + lingering,
      status: 'note',
      message: `with ${figureText(lingering)} ports of closed connections, which the kernel keeps for 60 s where we closed first, ports of ${addressCount(sources)} run out`,
      remedy,
    };
  }
  if (need + lingering > CROWDED_SOURCE) {
    return {
      need: need + lingering,
      status: 'note',
      message: `beyond ${figureText(CROWDED_SOURCE)} connections of one source address the kernel takes long to find a port for each`,
      remedy,
    };
  }
  const which = chosen === 'automatic' ? ` in 127.0.0.0/8, from ${sources[0]} on` : '';
  return {
    need: need + lingering,
    status: 'ok',
    message: `for ${eachAddress(sources)}${which}`,
    remedy: '',
  };
}

/** The share of closed connections that keep their port: the kernel may take it again after a second of the sixty. */
function heldInTimeWait({ known }: Reached, machine: Machine): number {
  const again =
    machine.timeWaitReuse === 'always' ||
    (machine.timeWaitReuse === 'loopback' && known.length > 0 && known.every(isLoopback));
  return again ? 1 / 60 : 1;
}

function spreadRemedy(demand: Demand, ports: number, fullest: Reached, machine: Machine): string {
  if (fullest.known.length > 0 && fullest.known.every(isLoopback)) {
    return `have the server listen on 127.0.0.1 and write http://127.0.0.1:${fullest.port}: its connections are spread over source addresses`;
  }
  const addresses = Math.ceil((demand.connections + demand.lingering) / STREAMS_PER_SOURCE);
  const perUrl = (machine.ports ?? STREAMS_PER_SOURCE) * FOUND_AT_ONCE;
  const urls = Math.ceil(ports / fullest.share / perUrl);
  return `--local-address A-B with ${figureText(addresses)} addresses of this machine; or ${urls} URLs with different ports or hosts`;
}

function addressCount(sources: readonly string[]): string {
  return sources.length === 1 ? 'the source address' : `${figureText(sources.length)} source addresses`;
}

function eachAddress(sources: readonly string[]): string {
  return sources.length === 1 ? 'the source address' : `each of ${addressCount(sources)}`;
}
