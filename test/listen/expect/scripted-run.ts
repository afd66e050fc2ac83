import type { ClientReason, CloseInfo } from '../../../src/client/records.ts';
import { Alarms } from '../../../src/listen/alarms.ts';
import type { RunClock } from '../../../src/listen/clock.ts';
import { expectations, readRules } from '../../../src/listen/expect/expectations.ts';
import type { Instrument, InstrumentContext } from '../../../src/listen/instrument.ts';
import { type Outcome, outcomeOf, type RunEnd } from '../../../src/listen/outcome.ts';
import type { ExpectationResult } from '../../../src/results/sections.ts';
import { anAnswer, anEnding, anEvent } from '../../report/samples.ts';

/** What happens on a stream, in milliseconds since the start of the run. */
export type Step =
  | { at: number; kind: 'attempt' }
  | { at: number; kind: 'open'; status?: number; headers?: readonly (readonly [string, string])[] }
  | { at: number; kind: 'event'; event?: string; data?: string; id?: string }
  | { at: number; kind: 'comment' }
  | { at: number; kind: 'pause' | 'resume' }
  | { at: number; kind: 'close'; info?: Partial<CloseInfo>; final?: boolean };

export interface Judged {
  results: readonly ExpectationResult[];
  /** `pass · seen`, `FAIL · seen`, `undecided · seen`. */
  lines: string[];
  outcome: Outcome;
  /** When the rules ended the run; `undefined`: they did not. */
  leftAt: number | undefined;
}

/** Start of the run on the clock of the script: no judge may take it for zero. */
const STARTED_AT = 5000;

export interface ScriptOptions {
  awaitsMore?: boolean;
  /** Why the run is over when the script is; absent: its last attempt ended by itself. */
  by?: ClientReason;
  /** Times between the steps at which somebody looks at the clock. */
  looks?: readonly number[];
  signal?: NodeJS.Signals;
}

/** A stream that does its first steps in order: an attempt at once, its answer after 10 ms. */
export const opened: readonly Step[] = [
  { at: 0, kind: 'attempt' },
  { at: 10, kind: 'open' },
];

/** Events without more than a time. */
export function events(...times: number[]): Step[] {
  return times.map((at) => ({ at, kind: 'event' }));
}

/** Plays the steps to the rules, on a clock that only they move, and tells what became of both. */
export async function judged(
  rules: readonly string[],
  steps: readonly Step[],
  options: ScriptOptions = {},
): Promise<Judged> {
  const make = expectations(await readRules(rules), {
    showSecrets: false,
    awaitsMore: options.awaitsMore ?? false,
  });
  const run = new ScriptedRun(make);
  for (const step of merged(steps, options.looks ?? [])) {
    if (run.leftAt !== undefined) break;
    if (typeof step === 'number') run.look(step);
    else run.play(step);
  }
  return run.over(options);
}

function merged(steps: readonly Step[], looks: readonly number[]): (Step | number)[] {
  const timeOf = (each: Step | number) => (typeof each === 'number' ? each : each.at);
  return [...looks, ...steps].sort((a, b) => timeOf(a) - timeOf(b));
}

class ScriptedRun {
  leftAt: number | undefined;
  private t = 0;
  private n = 0;
  private conn = 0;
  private lastClose: CloseInfo | undefined;
  private readonly alarms = new Alarms();
  private readonly instrument: Instrument;

  constructor(make: (context: InstrumentContext) => Instrument) {
    const clock: RunClock = {
      startedAt: STARTED_AT,
      now: () => STARTED_AT + this.t,
      wallMs: (at) => at,
      alarm: (at, callback) => {
        const cancel = this.alarms.add(at, () => {
          this.t = Math.max(this.t, at - STARTED_AT);
          callback();
        });
        return () => void cancel();
      },
      reached: () => {},
    };
    this.instrument = make({
      clock,
      position: (at) => ({ t: at - STARTED_AT, conn: this.conn }),
      leave: () => {
        this.leftAt ??= this.t;
      },
      fail: (error) => {
        throw error;
      },
      warn: () => {},
      printBlock: () => {},
      pause: () => {},
      resume: () => {},
    });
  }

  /** The clock comes to a time: what was due before it happens. */
  look(t: number): void {
    const at = STARTED_AT + t;
    while (this.leftAt === undefined && this.alarms.next < at) this.alarms.ring(this.alarms.next);
    if (this.leftAt === undefined) this.t = t;
  }

  play(step: Step): void {
    this.look(step.at);
    if (this.leftAt !== undefined) return;
    const { instrument } = this;
    const position = { t: step.at, conn: this.conn };
    switch (step.kind) {
      case 'attempt':
        this.conn++;
        return instrument.attempt?.({ planned: 0, start: STARTED_AT + step.at }, position);
      case 'open': {
        const { status = 200, headers = [] } = step;
        const place = { ...position, attempt: 1, wallMs: 0, timing: {} };
        return instrument.open?.(anAnswer({ status, headers }), place, status === 200);
      }
      case 'event': {
        const { at: _at, kind: _kind, ...event } = step;
        instrument.body?.(new Uint8Array(10), position);
        return instrument.event?.(anEvent(event), { ...position, n: ++this.n, dt: 0 }, undefined);
      }
      case 'comment':
        instrument.body?.(new Uint8Array(3), position);
        return instrument.comment?.('', position);
      case 'pause':
        return instrument.paused?.(position);
      case 'resume':
        return instrument.resumed?.(position);
      case 'close': {
        const { info = {}, final = true } = step;
        this.lastClose = anEnding(info);
        return instrument.close?.(this.lastClose, position, final);
      }
    }
  }

  async over({ by, signal }: ScriptOptions): Promise<Judged> {
    const end: RunEnd = {
      close: this.lastClose,
      by: this.leftAt === undefined ? by : 'expect',
      signal,
      ownFailure: undefined,
      opened: true,
      earlierError: undefined,
      events: this.n,
      untilWanted: false,
    };
    const before = outcomeOf(end);
    const outcome = this.instrument.judge?.(before, end) ?? before;
    const { expectations: results = [] } = (await this.instrument.conclude?.()) ?? {};
    const lines = results.map(
      ({ pass, undecided, seen }) => `${pass ? 'pass' : undecided === true ? 'undecided' : 'FAIL'} · ${seen}`,
    );
    return { results, lines, outcome, leftAt: this.leftAt };
  }
}
