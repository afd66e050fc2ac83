import { against } from '../against-server.ts';
import { type Check, exactly, says, trusted, within } from '../check.ts';
import { event, HEAD, type Script, type Step } from '../script.ts';
import { beginning, between, quantile, timesOf } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

interface Load {
  streams: number;
  seconds: number;
}

/** Events come a second apart; warm-up ends in the middle between them, whenever a stream came. */
const BEAT_MS = 1_000;
const FIRST_MS = 100;
const RAMP_UP_MS = 300;
const WARM_UP_MS = 2_750;

export const t15: TruthCase = {
  id: 'T15',
  title:
    'warm-up: counts have it, figures and rules leave it out, and a gap that spans its end counts behind it',
  run: () => warmUp({ streams: 200, seconds: 7 }),
};

export async function warmUp({ streams, seconds }: Load): Promise<Check[]> {
  const [rate, late] = ['events_per_second > 1/s', 'first_event p50 < 1s'];
  const { result, served } = await against(serverFor(seconds), {
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

function serverFor(seconds: number): Script {
  const beat: Step = { name: 'event', afterMs: BEAT_MS, write: event(2) };
  return [
    [
      { name: 'headers', afterMs: 0, write: HEAD },
      { name: 'event', afterMs: FIRST_MS, write: event(1) },
      ...new Array<Step>(seconds).fill(beat),
    ],
  ];
}
