import type { Measured, ProbeResult } from '../../results/check/result.ts';
import { faultNamed } from '../faults/catalogue.ts';
import type { FaultId } from '../faults/fault.ts';
import type { Expected, Seen } from '../fixes/cause-kind.ts';

/** What one probe has seen, as far as it tells of the others' faults. */
export type Witness = Pick<ProbeResult, 'probe' | 'status' | 'fault' | 'evidence' | 'proxied'>;

/** What a run has seen as a whole: a fault of one probe is explained by the figures of others. */
export class RunSeen {
  readonly #results: readonly Witness[];
  readonly #path: Measured;

  /** @param path versions of HTTP: `clientHttp`, `originHttp` */
  constructor(results: readonly Witness[], path: Measured) {
    this.#results = results;
    this.#path = path;
  }

  /** Whether it is so; nothing where nobody has looked. */
  is(seen: Seen): boolean | undefined {
    if ('fault' in seen) return this.hasFault(seen.fault);
    if ('passed' in seen) {
      const result = this.#results.find(({ probe }) => probe === seen.passed);
      return result && result.status === 'pass';
    }
    const names = typeof seen.figure === 'string' ? [seen.figure] : seen.figure;
    const figures =
      names.map((name) => this.#figures(name, seen.probe)).find(({ length }) => length > 0) ?? [];
    return figures.length === 0 ? undefined : figures.some((figure) => matches(figure, seen.is));
  }

  /** Whether a fault was found; nothing where none of its probes ran. */
  hasFault(id: FaultId): boolean | undefined {
    if (this.#results.some(({ fault }) => fault === id)) return true;
    const probes = faultNamed(id)?.probes ?? [];
    return this.#results.some(({ probe }) => probes.includes(probe)) ? false : undefined;
  }

  /** The smallest figure of that name; nothing where nobody has measured it. */
  least(name: string, probe: string): number | undefined {
    const figures = this.#figures(name, probe).filter((figure) => typeof figure === 'number');
    return figures.length === 0 ? undefined : Math.min(...figures);
  }

  /** Pieces of evidence of that name, of one probe or of all; where there are none, what was measured through the proxy. */
  #figures(name: string, probe?: string): Measured[string][] {
    if (probe === 'path') return present(this.#path[name]);
    const asked = this.#results.filter((result) => probe === undefined || result.probe === probe);
    const evidence = asked.flatMap((result) => result.evidence.filter(({ k }) => k === name));
    if (evidence.length > 0) return evidence.map(({ v }) => v);
    return asked.flatMap(({ proxied }) => present(proxied[name]));
  }
}

/** `null` is a figure that could not be measured. */
function present(figure: Measured[string] | undefined): Measured[string][] {
  return figure === undefined || figure === null ? [] : [figure];
}

function matches(figure: Measured[string], expected: Expected): boolean {
  if (Array.isArray(expected)) return expected.some((one) => one === figure);
  if (typeof expected !== 'object') return figure === expected;
  if (typeof figure !== 'number') return false;
  const { from = -Infinity, to = Infinity } = expected as { from?: number; to?: number };
  return figure >= from && figure <= to;
}
