import type { Benchmark, Row } from './benchmark.ts';
import { benchRun, verdictText } from './load-run.ts';
import { StreamSource } from './stream-sources.ts';

const FOR_S = 8;
const RATES = [1_000, 2_000, 5_000] as const;
/** Streams last so long: the server has not all of them at once. */
const LIFE = '500ms';

/** Whether streams start when the plan says. */
export const loadStarts: Benchmark = {
  name: 'bench-starts',
  title: `\`bench\` starting streams at a rate for ${FOR_S} s, each open for ${LIFE}: starts delivered of those planned`,
  async run({ progress }) {
    const rows: Row[] = [];
    for (const rate of RATES) {
      progress(`${rate} starts a second`);
      rows.push(await startsAt(rate));
    }
    return rows;
  },
};

async function startsAt(rate: number): Promise<Row> {
  const source = await StreamSource.mock('--interval', '200ms', '--silent', '--workers', '2');
  try {
    const result = await benchRun(
      ...['-r', `${rate}/s`, '--for', `${FOR_S}s`, '--stream-for', LIFE],
      `${source.url}events`,
    );
    const { counts, plan, metrics } = result;
    const delay = metrics.start_delay;
    return {
      what: `${rate} a second`,
      unit: '%',
      measured: (100 * counts.started) / plan.starts,
      ...(rate > 2_000 ? {} : { goal: { must: 99, aim: 99.9, better: 'higher' } }),
      detail: `${counts.started} of ${plan.starts}, late by p99 ${delay?.p99?.toFixed(1) ?? '–'} ms, ${plan.workers} workers, ${verdictText(result)}`,
    };
  } finally {
    source.stop();
  }
}
