import type { ExpectationResult } from '../../results/sections.ts';
import type { RunClock } from '../clock.ts';
import type { RunEnd } from '../outcome.ts';
import { Deadline } from './deadline.ts';
import type { Judge, JudgeContext } from './judge.ts';
import type { SchemaCheck } from './judges/schema.ts';
import { judgeOf } from './judges.ts';
import type { Rule } from './rule.ts';

/** A rule that was given, understood, with all that it needs. */
export interface GivenRule {
  /** As it was written. */
  text: string;
  rule: Rule;
  schema?: SchemaCheck;
}

/** One expectation of a run: its judge, until there is a result. */
export class Expectation {
  readonly given: GivenRule;
  readonly judge: Judge;
  result: ExpectationResult | undefined;
  readonly #deadlines: Deadline[] = [];

  /** @param onDecided called at once when it is decided, be it in the middle of a record or at a deadline */
  constructor(
    given: GivenRule,
    { clock, showSecrets, onDecided }: { clock: RunClock; showSecrets: boolean; onDecided: () => void },
  ) {
    this.given = given;
    const decide = (pass: boolean) => (seen: string, t: number) => {
      if (this.#decide({ rule: given.text, pass, seen, t })) onDecided();
    };
    const context: JudgeContext = {
      showSecrets,
      pass: decide(true),
      fail: decide(false),
      deadline: (missed) => {
        const deadline = new Deadline(clock, missed);
        this.#deadlines.push(deadline);
        return deadline;
      },
    };
    this.judge = judgeOf(given.rule, given.schema, context);
  }

  /**
   * The run is over.
   *
   * @param cutShort it was ended for something that says nothing of this rule: what is missing might have come
   */
  end(end: RunEnd, t: number, cutShort: boolean): void {
    if (this.result !== undefined) return;
    const { pass, seen } = this.judge.end(end, t);
    const undecided = !pass && cutShort ? { undecided: true as const } : {};
    this.#decide({ rule: this.given.text, pass, ...undecided, seen, t });
  }

  /** No deadline counts any more. */
  stopWaiting(): void {
    for (const deadline of this.#deadlines) deadline.clear();
  }

  #decide(result: ExpectationResult): boolean {
    if (this.result !== undefined) return false;
    this.result = result;
    this.stopWaiting();
    return true;
  }
}
