import type { StepSource } from './source.ts';
import type { Path } from './yaml-source.ts';

/** Something wrong with a step, at its place in the list that was looked at. */
export interface StepProblem {
  path: Path;
  message: string;
}

/** So many steps may a schedule take without a wait: more would hold up every other stream. */
const MOST_AT_ONCE = 100_000;

/** A loop without an end takes so long a pass, at least: no timer waits for less. */
const SHORTEST_PASS_MS = 1;

/**
 * What is wrong with the loops of a schedule: those that would spin, never send, or never let what is behind them
 * have its turn.
 *
 * @param intervalMs between two events where no sleep says otherwise
 */
export function loopProblems(steps: readonly StepSource[], intervalMs: number): StepProblem[] {
  return steps.flatMap((step, index) => {
    const here = stepProblems(step, intervalMs).map(({ path, message }) => ({
      path: [index, ...path],
      message,
    }));
    const endless = loopOf(step)?.times === Infinity;
    if (!endless || index === steps.length - 1) return here;
    return [...here, { path: [index + 1], message: 'nothing gets here: the step before it goes on forever' }];
  });
}

function stepProblems(step: StepSource, intervalMs: number): StepProblem[] {
  const loop = loopOf(step);
  if (loop === undefined) return [];
  const inner = step.kind === 'repeat' ? loopProblems(step.steps, intervalMs) : [];
  // What is wrong inside makes the whole look wrong as well.
  if (inner.length > 0) return inner.map(({ path, message }) => ({ path: ['steps', ...path], message }));
  const problem = loopProblem(loop, step.kind, intervalMs);
  return problem === undefined ? [] : [{ path: [], message: problem }];
}

function loopProblem({ times, steps }: Loop, kind: string, intervalMs: number): string | undefined {
  if (!sendsSomething(steps)) {
    return 'this repeat sends nothing. To keep a stream open in silence, end it with hold: on';
  }
  const { ms } = secondPass(steps, intervalMs);
  if (ms >= SHORTEST_PASS_MS) return undefined;
  const wait =
    kind === 'generate' ? 'Give it an interval of 1ms or more' : 'Put a sleep of 1ms or more into it';
  if (times === Infinity) return `this ${kind} goes on forever and never sleeps. ${wait}`;
  const atOnce = times * size(steps);
  if (atOnce <= MOST_AT_ONCE) return undefined;
  return `this ${kind} makes ${atOnce} steps without a sleep, at most ${MOST_AT_ONCE} are allowed. ${wait}`;
}

interface Loop {
  times: number;
  steps: readonly StepSource[];
}

/** A step that is done many times: a repeat, or a generator. */
function loopOf(step: StepSource): Loop | undefined {
  if (step.kind === 'repeat') return step;
  if (step.kind === 'generate' && step.count > 1)
    return { times: step.count, steps: [{ ...step, count: 1 }] };
  return undefined;
}

function sendsSomething(steps: readonly StepSource[]): boolean {
  return steps.some((step) => {
    if (step.kind === 'repeat') return sendsSomething(step.steps);
    return step.kind !== 'sleep' && step.kind !== 'jitter';
  });
}

function size(steps: readonly StepSource[]): number {
  return steps.reduce((sum, step) => {
    const loop = loopOf(step);
    return sum + (loop === undefined ? 1 : Math.min(loop.times, MOST_AT_ONCE) * size(loop.steps));
  }, 0);
}

interface Pass {
  ms: number;
  /** A sleep came after its last event: the next one waits no interval. */
  slept: boolean;
}

/** What a pass of a loop waits, once it goes round. */
function secondPass(steps: readonly StepSource[], intervalMs: number): Pass {
  return passOf(steps, intervalMs, passOf(steps, intervalMs, false).slept);
}

function passOf(steps: readonly StepSource[], intervalMs: number, sleptBefore: boolean): Pass {
  let slept = sleptBefore;
  let ms = 0;
  for (const step of steps) {
    const loop = loopOf(step);
    if (loop !== undefined) {
      const first = passOf(loop.steps, intervalMs, slept);
      const more = passOf(loop.steps, intervalMs, first.slept);
      // Zero times infinity is no number.
      ms += first.ms + (more.ms === 0 ? 0 : more.ms * (loop.times - 1));
      slept = more.slept;
    } else if (step.kind === 'sleep') {
      ms += step.ms;
      slept = true;
    } else if (step.kind === 'event' || step.kind === 'generate') {
      const interval = step.kind === 'generate' ? (step.interval ?? intervalMs) : intervalMs;
      ms += slept ? 0 : interval;
      slept = false;
    }
  }
  return { ms, slept };
}
