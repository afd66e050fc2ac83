import { setMaxListeners } from 'node:events';
import { monotonicMs } from '../client/clock.ts';
import type { ProbeResult, ProbeStatus, Skipped } from '../results/check/result.ts';
import { TooBusy } from './not-measurable.ts';
import { INTERRUPTED, resultOf, whyNotMeasured } from './outcome.ts';
import { connectionsOf, FROM_BEST, type Judgement, type Probe } from './probe.ts';
import { makeSureItLives } from './reach/revival.ts';
import { reconciled } from './reconciled/reconciled.ts';
import { Seats } from './seats.ts';
import type { CheckOptions, ProbeContext, Way } from './ways/way.ts';

/** What has become of a probe; `running` comes again where it is repeated. */
export interface ProbeProgress {
  probe: string;
  state: 'running' | 'skipped' | ProbeStatus;
}

/** What the probes found, in the order in which they were given; causes and fixes are not known yet. */
export interface ProbeRun {
  results: ProbeResult[];
  skipped: Skipped[];
}

type NotMeasured = Omit<Skipped, 'probe'>;
type Outcome = { result: ProbeResult } | NotMeasured;

/** A machine that is too busy for a probe so many times in a row is so all the time. */
const MOST_TRIES = 4;

/**
 * Runs probes along both ways, side by side where none measures another. One that warns or fails is measured once more, and
 * the better of the two counts: what can't be measured again isn't told. What a busy machine leaves open is measured again. When
 * the context's signal aborts, it resolves at once with what there is.
 */
export async function runProbes(
  probes: readonly Probe[],
  ways: { direct: Way; proxied: Way },
  context: ProbeContext,
  onProgress: (progress: ProbeProgress) => void,
): Promise<ProbeRun> {
  const { signal } = context;
  // Every request under way listens for it; more than ten are no leak.
  setMaxListeners(0, signal);
  const outcomes = new Map<Probe, Outcome>();
  const once = new Map<Probe, Outcome>();
  const { options } = context;
  const seats = new Seats(options);
  for (const probe of probes) {
    const why = probe.whyNot?.(ways.proxied) ?? (seats.canSeat(probe) ? undefined : tooFew(probe, options));
    if (why === undefined) continue;
    outcomes.set(probe, { why, leftOut: true });
    onProgress({ probe: probe.id, state: 'skipped' });
  }
  const waiting = inTurn(probes.filter((probe) => !outcomes.has(probe)));
  const running = new Map<Probe, Promise<void>>();

  const start = (probe: Probe) => {
    const left = seats.take(probe);
    const tell = (state: ProbeProgress['state']) => {
      // Who has stopped waiting for it hears nothing more.
      if (!signal.aborted) onProgress({ probe: probe.id, state });
    };
    const onRun = (soFar?: Outcome) => {
      if (soFar !== undefined) once.set(probe, soFar);
      tell('running');
    };
    const run = runProbe(probe, ways, context, onRun).then((outcome) => {
      if (signal.aborted) return;
      outcomes.set(probe, outcome);
      tell('result' in outcome ? outcome.result.status : 'skipped');
      running.delete(probe);
      left();
    });
    running.set(probe, run);
  };

  const aborted = abortOf(signal);
  while (!signal.aborted && (waiting.length > 0 || running.size > 0)) {
    for (const probe of [...waiting]) {
      if (!seats.hasRoomFor(probe)) continue;
      waiting.splice(waiting.indexOf(probe), 1);
      start(probe);
    }
    await Promise.race([...running.values(), aborted.promise]);
  }
  aborted.forget();
  // They end by the signal, and nobody waits for what they say.
  for (const run of running.values()) run.catch(() => {});
  return inOrder(probes, new Map([...once, ...outcomes]));
}

function tooFew(probe: Probe, options: CheckOptions): string {
  return `needs ${connectionsOf(probe, options)} connections at once; --max-connections leaves the probes ${options.maxConnections}`;
}

/** Those that wait begin first, those that need the machine to themselves come later, and those in which the origin fails last. */
function inTurn(probes: readonly Probe[]): Probe[] {
  const loads: readonly Probe['load'][] = ['waits', 'quiet', 'heavy'];
  const failures: readonly Probe['originFails'][] = [undefined, 'in an answer', 'without an answer'];
  return failures.flatMap((how) =>
    loads.flatMap((load) => probes.filter((probe) => probe.load === load && probe.originFails === how)),
  );
}

function inOrder(probes: readonly Probe[], outcomes: ReadonlyMap<Probe, Outcome>): ProbeRun {
  const run: ProbeRun = { results: [], skipped: [] };
  for (const probe of probes) {
    const outcome = outcomes.get(probe) ?? { why: INTERRUPTED };
    if ('result' in outcome) run.results.push(outcome.result);
    else run.skipped.push({ probe: probe.id, ...outcome });
  }
  return { ...run, results: reconciled(run.results) };
}

/** @param onRun told at the beginning of each measurement, with what the one before has found */
async function runProbe(
  probe: Probe,
  ways: { direct: Way; proxied: Way },
  context: ProbeContext,
  onRun: (soFar?: Outcome) => void,
): Promise<Outcome> {
  const startMs = monotonicMs();
  const told = (judgement: Judgement, runs: number): Outcome => ({
    result: resultOf(probe.id, judgement, { runs, durationMs: monotonicMs() - startMs }),
  });
  onRun();
  const first = await judged(probe, ways, context);
  if ('why' in first) return first;
  if (first.status === 'pass') return told(first, 1);
  const seenOnce = { ...first, summary: `${first.summary} (measured once: ${INTERRUPTED})` };
  const again = () => {
    onRun(told(seenOnce, 1));
    return judged(probe, ways, context);
  };
  let second = await again();
  // One request that doesn't get through is no proof that none does.
  if ('why' in second && !context.signal.aborted) second = await again();
  if (context.signal.aborted) return told(seenOnce, 1);
  if ('why' in second) {
    return { why: `${second.why}, when it was measured again; the first time ${first.summary}` };
  }
  return told(FROM_BEST.indexOf(second.status) < FROM_BEST.indexOf(first.status) ? second : first, 2);
}

async function judged(
  probe: Probe,
  ways: { direct: Way; proxied: Way },
  context: ProbeContext,
): Promise<Judgement | NotMeasured> {
  for (let time = 1; ; time += 1) {
    try {
      return await judgedOnce(probe, ways, context);
    } catch (error) {
      if (context.signal.aborted) return { why: INTERRUPTED };
      if (!(error instanceof TooBusy) || time >= MOST_TRIES) return whyNotMeasured(error);
    }
  }
}

async function judgedOnce(
  probe: Probe,
  { direct, proxied }: { direct: Way; proxied: Way },
  context: ProbeContext,
): Promise<Judgement> {
  if (probe.originFails !== undefined) await makeSureItLives(proxied, context);
  if (probe.load === 'heavy') {
    const straight = await probe.measure(direct, context);
    return probe.judge(straight, await probe.measure(proxied, context), context);
  }
  // At the same time: what else the machine does then happens to both.
  const [straight, through] = await Promise.all([
    probe.measure(direct, context),
    probe.measure(proxied, context),
  ]);
  return probe.judge(straight, through, context);
}

function abortOf(signal: AbortSignal): { promise: Promise<void>; forget(): void } {
  let tell = () => {};
  const promise = new Promise<void>((resolve) => {
    tell = resolve;
  });
  signal.addEventListener('abort', tell, { once: true });
  return { promise, forget: () => signal.removeEventListener('abort', tell) };
}
