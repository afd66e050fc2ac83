import { compares, isUpperLimit, type Limit } from '../../../notation/comparison.ts';
import type { Judge, JudgeContext, Standing } from '../judge.ts';
import { counted, ms } from '../judge.ts';
import type { RuleOf } from '../rule.ts';

/**
 * `gap<2s` (between arrivals of events), `keepalive<20s` (between any two reads, the first from the opening on): within
 * each connection, as figures of gaps are everywhere. What the end of a connection cuts short was at least so long: that
 * can break an upper limit, and meet a lower one. Where nothing can be judged the rule fails.
 */
export function judgeGap(
  rule: RuleOf<'time'> & { metric: 'event_gap' | 'silence' },
  context: JudgeContext,
): Judge {
  const gaps = new Gaps(rule.op, rule.ms, context);
  const close: Judge['close'] = (_info, t) => gaps.cut(t);
  if (rule.metric === 'event_gap') {
    const what = rule.select === undefined ? 'event' : `${rule.select} event`;
    return {
      event(judged) {
        if (judged.isNamed(rule.select)) gaps.arrival(judged.t);
      },
      close,
      paused: () => gaps.paused(),
      resumed: (t) => gaps.resumed(t),
      end: () => gaps.standing(`no ${what} came`),
    };
  }
  return {
    open(_info, t, accepted) {
      if (accepted) gaps.arrival(t);
    },
    read: (_bytes, t) => gaps.arrival(t),
    close,
    paused: () => gaps.paused(),
    resumed: (t) => gaps.resumed(t),
    end: () => gaps.standing('no stream opened'),
  };
}

/** `event=ping every 30s`: from the opening to the first, and from each to the next, never longer than that. */
export function judgeCadence({ event, everyMs }: RuleOf<'cadence'>, context: JudgeContext): Judge {
  const gaps = new Gaps('<=', everyMs, context);
  let came = false;
  let onConnection = false;
  const begin = (t: number) => {
    if (onConnection) return;
    onConnection = true;
    gaps.arrival(t);
  };
  return {
    open(_info, t, accepted) {
      if (accepted) begin(t);
    },
    // Standard input has no opening.
    read: (_bytes, t) => begin(t),
    event(judged) {
      if (!judged.isNamed(event)) return;
      came = true;
      gaps.arrival(judged.t);
    },
    close(_info, t) {
      onConnection = false;
      gaps.cut(t);
    },
    paused: () => gaps.paused(),
    resumed: (t) => gaps.resumed(t),
    // A run that is shorter than the wait, and saw none, proves nothing of what the rule claims.
    end: () => (came ? { pass: true, seen: gaps.seen() } : { pass: false, seen: `no ${event} event came` }),
  };
}

/** The times between arrivals, held against a limit as they come; a further arrival of the same read is no gap. */
class Gaps {
  readonly #op: Limit;
  readonly #limitMs: number;
  readonly #context: JudgeContext;
  readonly #deadline: ReturnType<JudgeContext['deadline']>;
  #last: number | undefined;
  /** We don't read for now. */
  #paused = false;
  /** We didn't read while the gap under way began: it was at least so long as it seems. */
  #partial = false;
  #began = false;
  /** Something more came with an arrival: no gap, but proof that nothing was waited for. */
  #together = false;
  #count = 0;
  #shortest = Number.POSITIVE_INFINITY;
  #longest = 0;
  #longestCut = 0;

  constructor(op: Limit, limitMs: number, context: JudgeContext) {
    this.#op = op;
    this.#limitMs = limitMs;
    this.#context = context;
    this.#deadline = context.deadline((t) => {
      const soFar = this.#soFar();
      context.fail(`nothing for ${ms(limitMs)}${soFar === '' ? '' : `, ${soFar}`}`, t);
    });
  }

  arrival(t: number): void {
    const last = this.#last;
    if (last === t) {
      this.#together = true;
      return;
    }
    this.#began = true;
    this.#last = t;
    if (last !== undefined) this.#ended(t - last, t);
    this.#partial = false;
    this.#wait(t);
  }

  /** What comes from now on waits for us: the silence is not the server's. */
  paused(): void {
    this.#paused = true;
    this.#deadline.clear();
  }

  resumed(t: number): void {
    this.#paused = false;
    if (this.#last === undefined) return;
    this.#last = t;
    this.#partial = true;
    this.#wait(t);
  }

  /** The connection ended. */
  cut(t: number): void {
    this.#deadline.clear();
    const last = this.#last;
    this.#last = undefined;
    if (last === undefined || this.#paused) return;
    const atLeast = t - last;
    if (atLeast > this.#longestCut) this.#longestCut = atLeast;
    if (isUpperLimit(this.#op) && !compares(atLeast, this.#op, this.#limitMs))
      this.#context.fail(`at least ${ms(atLeast)}, cut short by the end`, t);
  }

  /** @param nothing what is said where nothing ever began */
  standing(nothing: string): Standing {
    return this.#began ? { pass: this.#isJudged, seen: this.seen() } : { pass: false, seen: nothing };
  }

  /** What was measured, in words. */
  seen(): string {
    if (this.#count > 0) return this.#soFar();
    const cut = this.#cutShort();
    return `${this.#together ? 'all at once' : 'no whole gap'}${cut === '' ? '' : `, ${cut}`}`;
  }

  get #isJudged(): boolean {
    if (this.#count > 0) return true;
    return isUpperLimit(this.#op) ? this.#together : compares(this.#longestCut, this.#op, this.#limitMs);
  }

  #wait(t: number): void {
    if (isUpperLimit(this.#op) && !this.#paused) this.#deadline.set(t + this.#limitMs);
  }

  #ended(gap: number, t: number): void {
    const breaks = !compares(gap, this.#op, this.#limitMs);
    // Of one that we saw only the end of, nobody knows how short it was.
    if (this.#partial && !(breaks && isUpperLimit(this.#op))) return;
    this.#count++;
    if (gap > this.#longest) this.#longest = gap;
    if (gap < this.#shortest) this.#shortest = gap;
    if (breaks) this.#context.fail(ms(gap), t);
  }

  /** What was measured; nothing where nothing was. */
  #soFar(): string {
    const upper = isUpperLimit(this.#op);
    const cut = this.#cutShort();
    if (this.#count === 0) return cut;
    const extreme = upper ? `longest ${ms(this.#longest)}` : `shortest ${ms(this.#shortest)}`;
    return [`${extreme} of ${counted(this.#count, 'gap')}`, upper ? cut : '']
      .filter((each) => each !== '')
      .join(', ');
  }

  #cutShort(): string {
    return this.#longestCut > this.#longest ? `one cut short after ${ms(this.#longestCut)}` : '';
  }
}
