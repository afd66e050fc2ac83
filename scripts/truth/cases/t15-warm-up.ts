import { against } from '../against-server.ts';
import { type Check, exactly, says, trusted, within } from '../check.ts';
import { event, HEAD, type Script, type Step } from '../script.ts';
import { beginning, between, quantile, timesOf } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

interface Load {
  streams: number;
  seconds: number;
}

const RAMP_UP_MS = 300;

/** From each event to the next: one in warm-up, one over its end, one behind it. Nothing is near its end. */
const GAPS_MS = [200, 2_000, 2_000];
const FIRST_MS = 100;
const WARM_UP_MS = 1_250;

const SERVER: Script = [
  [
    { name: 'headers', afterMs: 0, write: HEAD },
    ...[FIRST_MS, ...GAPS_MS].map((afterMs): Step => ({ name: 'event', afterMs, write: event(1) })),
  ],
];

export const t15: TruthCase = {
  id: 'T15',
  title:
    'warm-up: counts have it, figures and rules leave it out, and a gap that spans its end counts behind it',
  run: () => warmUp({ streams: 200, seconds: 6 }),
};

export async function warmUp({ streams, seconds }: Load): Promise<Check[]> {
  const [rate, late] = ['events_per_second > 1/s', 'first_event p50 < 1s'];
  const { result, served } = await against(SERVER, {
    streams,
    load: [
      ...['-c', `${streams}`, '--ramp-up', `${RAMP_UP_MS}ms`, '--for', `${seconds}s`],
      ...['--warm-up', `${WARM_UP_MS}ms`, '--threshold', rate, '--threshold', late],
    ],
  });
  const { counts, warmUp: inWarmUp, metrics, thresholds, verdict, measuredSeconds } = result;
  const warmAt = beginning(served, (stream) => (stream * RAMP_UP_MS) / streams) + WARM_UP_MS;
  const events = served.flatMap((attempt) => timesOf(attempt, 'event'));
  const behind = events.filter((at) => at > warmAt).length;
  const gaps = served.flatMap((attempt) => {
    const times = timesOf(attempt, 'event');
    return between(times).filter((_, index) => (times[index + 1] ?? 0) > warmAt);
  });
  const measuredRate = behind / (seconds - WARM_UP_MS / 1000);
  const [rateSeen, lateSeen] = thresholds;
  return [
    exactly('events', events.length, counts.events),
    exactly('events of warm-up', events.length - behind, inWarmUp?.counts.events),
    exactly('streams started', streams, counts.started),
    exactly('of them in warm-up', streams, inWarmUp?.counts.started),
    exactly('event_gap: values, those that span its end included', gaps.length, metrics.event_gap?.count),
    within('event_gap p50', 5, {
      kind: 'time',
      expected: quantile(gaps, 0.5),
      measured: metrics.event_gap?.p50,
    }),
    exactly('first events behind it', 0, metrics.time_to_first_event?.count ?? 0),
    exactly('seconds that were measured', seconds - WARM_UP_MS / 1000, measuredSeconds),
    says(rate, `${measuredRate.toFixed(3)} holds`, seen(rateSeen)),
    says(late, 'nothing fails', seen(lateSeen)),
    trusted(verdict),
  ];
}

function seen(judged: { seen: number | null; pass: boolean } | undefined): string {
  return `${judged?.seen?.toFixed(3) ?? 'nothing'} ${judged?.pass ? 'holds' : 'fails'}`;
}
