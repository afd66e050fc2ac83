import type { Judge, JudgeContext } from '../judge.ts';
import { shortened } from '../judge.ts';
import type { RuleOf } from '../rule.ts';

/** `first event=connected`: the first event of the run has that name. */
export function judgeFirst(rule: RuleOf<'first'>, context: JudgeContext): Judge {
  return {
    event(judged) {
      const decide = judged.isNamed(rule.event) ? context.pass : context.fail;
      decide(`the first is ${shortened(judged.event.event)}`, judged.t);
    },
    end: () => ({ pass: false, seen: 'no event came' }),
  };
}
