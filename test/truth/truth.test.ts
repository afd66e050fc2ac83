import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { marks } from '../../scripts/truth/cases/t1-marks.ts';
import { frozenWorker } from '../../scripts/truth/cases/t2-freezes.ts';
import { ENDS_CLEANLY, outages } from '../../scripts/truth/cases/t3-outages.ts';
import { delivery } from '../../scripts/truth/cases/t4-delivery.ts';
import { silence } from '../../scripts/truth/cases/t5-silence.ts';
import { workers } from '../../scripts/truth/cases/t8-workers.ts';
import { storm } from '../../scripts/truth/cases/t9-storms.ts';
import { endlessGaps, spannedGaps } from '../../scripts/truth/cases/t10-clean-ends.ts';
import { SHARED, TLS, transports } from '../../scripts/truth/cases/t11-transports.ts';
import { BOTH, goodput } from '../../scripts/truth/cases/t12-goodput.ts';
import { publishing } from '../../scripts/truth/cases/t13-publishing.ts';
import { endings } from '../../scripts/truth/cases/t14-endings.ts';
import { leavers } from '../../scripts/truth/cases/t14-leavers.ts';
import { slowReaders } from '../../scripts/truth/cases/t14-slow-readers.ts';
import { warmUp } from '../../scripts/truth/cases/t15-warm-up.ts';
import type { Check } from '../../scripts/truth/check.ts';
import { caseTable } from '../../scripts/truth/table.ts';

/** Times are kept to the microsecond. */
const ROUNDING_MS = 0.002;

/**
 * The cases of `npm run truth` with loads that any machine has time for. How exact times are is for that; here counts are
 * exact, and nothing is seen before the server did it.
 */
describe('bench, against servers that stamp what they do', { concurrency: 6 }, () => {
  test('tells headers, first byte and first event apart', async () => {
    holds(await marks({ streams: 40, perSecond: 40, restMs: 2_000 }));
  });

  test('shows a freeze of its own on the corrected clock, and calls the run invalid', async () => {
    holds(await frozenWorker({ perSecond: 50, seconds: 3, freezeAfterMs: 1_000, frozenMs: 600 }));
  });

  test('counts every outage, and what it is made of', async () => {
    holds(await outages(ENDS_CLEANLY, { streams: 20, rampUpMs: 500, retryMs: 100, beatMs: 100, seconds: 4 }));
  });

  test('counts exactly what was dropped, repeated, swapped and replayed', async () => {
    holds(await delivery({ streams: 20, seconds: 4 }));
  });

  test('takes the last silence for what it is', async () => {
    holds(await silence({ streams: 20, rampUpMs: 500, comments: 3, everyMs: 600, seconds: 4 }));
  });

  test('comes to the same on any number of workers', async () => {
    holds(await workers({ perSecond: 60, climbSeconds: 1 }));
  });

  test('follows a storm until all are back', async () => {
    holds(await storm({ streams: 42, share: '100%', workers: 1 }));
  });

  test('lets a gap go on over an end in order', async () => {
    const few = { streams: 20, rampUpMs: 500, seconds: 4 };
    holds((await Promise.all([spannedGaps(few), endlessGaps(few)])).flat());
  });

  test('measures the same over TLS, and on connections that streams share', async () => {
    const slowly = { rampUpMs: 1_000, seconds: 6 };
    const runs = [
      transports(TLS, { streams: 30, ...slowly }),
      transports(SHARED, { streams: 60, ...slowly }),
    ];
    holds((await Promise.all(runs)).flat());
  });

  test('counts the streams that kept a rule, of those whose fate was decided', async () => {
    holds(await goodput(BOTH, { streams: 40, rampUpMs: 500, seconds: 4 }));
  });

  test('counts exactly what was not passed on of what it published, and where', async () => {
    holds(await publishing({ streams: 24, rampUpMs: 600, seconds: 7 }));
  });

  test('tells each way to end by its name, with its error', async () => {
    holds(await endings({ streams: 75, restSeconds: 2 }));
  });

  test('takes who leaves on purpose for no failure, and has another come', async () => {
    holds(await leavers({ slots: 40, leaving: 0.4 }));
  });

  test('has a server wait for slow readers, and blames nobody for their gaps', async () => {
    holds(await slowReaders({ streams: 4, kilobytesPerSecond: 100, seconds: 3 }));
  });

  test('leaves warm-up out of figures and rules', async () => {
    holds(await warmUp({ streams: 20, seconds: 6 }));
  });
});

function holds(checks: readonly Check[]): void {
  const broken = checks.filter(
    ({ kind, pass, error }) =>
      (kind === 'exact' && !pass) || (kind === 'lag' && error !== undefined && error < -ROUNDING_MS),
  );
  assert.equal(caseTable(broken), caseTable([]));
  assert.ok(checks.some(({ kind }) => kind === 'exact'));
}
