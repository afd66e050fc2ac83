import type { BenchResult } from '../../results/bench/result.ts';
import { calibrationSection } from './calibration.ts';
import { deliveryRows, deliverySection } from './delivery.ts';
import { missingQuantiles } from './duration-table.ts';
import { errorsSection } from './errors.ts';
import { generatorSection } from './generator.ts';
import { latencyRows, latencySection } from './latency.ts';
import { overTimeSection } from './over-time.ts';
import { reconnectRows, reconnectSection } from './reconnects.ts';
import { rulesSection } from './rules.ts';
import { runSection } from './run.ts';
import type { ScreenOptions, Section } from './section.ts';
import { silenceRows, silenceSection } from './silence.ts';
import { verdictSection } from './verdict.ts';

/** Once for all tables of durations. */
const legendSection: Section = (result, options) => {
  const rows = [latencyRows, silenceRows, reconnectRows, deliveryRows].flatMap((rowsOf) => rowsOf(result));
  return missingQuantiles(rows, options);
};

/** In the order that they are printed; what stands in a group has no line between. */
const GROUPS: readonly (readonly Section[])[] = [
  [verdictSection, rulesSection],
  [calibrationSection],
  [runSection],
  [latencySection],
  [silenceSection],
  [reconnectSection],
  [deliverySection],
  [legendSection],
  [overTimeSection],
  [errorsSection],
  [generatorSection],
];

/** The closing text of a run, for people: the verdict first, then what it rests on. */
export function benchText(result: BenchResult, options: ScreenOptions): string {
  return GROUPS.map((group) => group.map((section) => section(result, options)).join(''))
    .filter((text) => text !== '')
    .join('\n');
}
