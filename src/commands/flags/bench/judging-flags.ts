import { parseGoodput } from '../../../bench/thresholds/parse-goodput.ts';
import { parseThreshold } from '../../../bench/thresholds/parse-threshold.ts';
import { parseCount } from '../../../notation/count.ts';
import { Flag } from '../flag.ts';

const JUDGING = 'Judging:';

/** What the run must come to. */
export function judgingFlags(): Flag[] {
  const group = JUDGING;
  return [
    new Flag('--threshold <rule>', "fail with 10 unless this holds: 'first_event p99 < 500ms' (repeatable)", {
      group,
      repeat: true,
      parse: parseThreshold,
    }),
    new Flag('--abort-on-fail', 'end the run as soon as a threshold is lost', { group }),
    new Flag('--goodput <rule>', "the share of streams that met all of it: 'first_event<200ms,gap<1s'", {
      group,
      parse: parseGoodput,
    }),
    new Flag('--min-samples <n>', 'samples that a percentile needs (p99: 300, p99.9: 3,000)', {
      group,
      parse: (text) => parseCount(text, 1),
    }),
  ];
}
