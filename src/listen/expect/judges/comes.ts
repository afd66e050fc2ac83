import type { Bench, Judge } from '../judge.ts';
import { counted, ms } from '../judge.ts';
import type { RuleOf } from '../rule.ts';

/**
 * `event=ready within 2s`: an event of that name comes. The time runs as `time_to_first_event` does, from the start of
 * the attempt that brings it; one that ends before, and is followed by another, proves nothing.
 */
export function judgeComes({ event, withinMs }: RuleOf<'comes'>, bench: Bench): Judge {
  let others = 0;
  let startedAt = 0;
  const soFar = () => (others === 0 ? 'no event at all' : counted(others, 'other event'));
  const deadline = bench.deadline((t) => bench.fail(`none in ${ms(withinMs ?? 0)}, ${soFar()}`, t));
  return {
    attempt(_marks, t) {
      startedAt = t;
      if (withinMs !== undefined) deadline.set(t + withinMs);
    },
    event(judged) {
      if (!judged.isNamed(event)) {
        others++;
        return;
      }
      const after = judged.t - startedAt;
      const decide = withinMs === undefined || after <= withinMs ? bench.pass : bench.fail;
      decide(`after ${ms(after)}`, judged.t);
    },
    close: () => deadline.clear(),
    end: () => ({ pass: false, seen: `none, ${soFar()}` }),
  };
}
