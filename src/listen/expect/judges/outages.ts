import { compares, isUpperLimit } from '../../../notation/comparison.ts';
import type { Judge, JudgeContext } from '../judge.ts';
import { counted, ms } from '../judge.ts';
import type { RuleOf } from '../rule.ts';

/**
 * `reconnect-time<5s` (from the end that was noticed to the headers of the attempt that succeeded), `outage<5s` (to the
 * first event after it), for every outage of the run.
 */
export function judgeOutages(
  { metric, op, ms: limitMs }: RuleOf<'time'> & { metric: 'reconnect_time' | 'outage' },
  context: JudgeContext,
): Judge {
  let opened = false;
  let since: number | undefined;
  let count = 0;
  let longest = 0;
  const until = metric === 'outage' ? 'no event' : 'not back';
  const deadline = context.deadline((t) => context.fail(`${until} after ${ms(limitMs)}`, t));
  const over = (t: number) => {
    if (since === undefined) return;
    const length = t - since;
    since = undefined;
    deadline.clear();
    count++;
    longest = Math.max(longest, length);
    if (!compares(length, op, limitMs)) context.fail(ms(length), t);
  };
  return {
    open(_info, t, accepted) {
      opened = accepted;
      if (accepted && metric === 'reconnect_time') over(t);
    },
    event({ t }) {
      if (metric === 'outage') over(t);
    },
    close(_info, t, final) {
      // An attempt that fails, or that brings no event, belongs to the outage that it should have ended.
      if (opened && !final && since === undefined) {
        since = t;
        if (isUpperLimit(op)) deadline.set(t + limitMs);
      }
      opened = false;
    },
    end({ by }) {
      if (since !== undefined && by === undefined)
        return { pass: false, seen: `${until} when the run ended` };
      if (count === 0)
        return { pass: true, seen: since === undefined ? 'no outage' : 'one, cut short by the end' };
      return { pass: true, seen: `longest ${ms(longest)} of ${counted(count, 'outage')}` };
    },
  };
}
