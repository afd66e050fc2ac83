import type { Judge, JudgeContext } from '../judge.ts';
import { counted, ms, shortened } from '../judge.ts';
import type { RuleOf } from '../rule.ts';

/** So many names of other events are told: the one that was meant may be among them. */
const NAMES_SHOWN = 3;

/**
 * `event=ready within 2s`: an event of that name comes. The time runs as `time_to_first_event` does, from the start of
 * the attempt that brings it; one that ends before, and is followed by another, proves nothing.
 */
export function judgeComes({ event, withinMs }: RuleOf<'comes'>, context: JudgeContext): Judge {
  let others = 0;
  const names = new Set<string>();
  let startedAt = 0;
  const soFar = () => {
    if (others === 0) return 'no event at all';
    const shown = [...names].slice(0, NAMES_SHOWN).map((each) => shortened(each, 30));
    if (names.size > NAMES_SHOWN) shown.push('…');
    return `${counted(others, 'other event')} (${shown.join(', ')})`;
  };
  const deadline = context.deadline((t) => context.fail(`none in ${ms(withinMs ?? 0)}, ${soFar()}`, t));
  return {
    attempt(t) {
      startedAt = t;
      if (withinMs !== undefined) deadline.set(t + withinMs);
    },
    event(judged) {
      if (!judged.isNamed(event)) {
        others++;
        if (names.size <= NAMES_SHOWN) names.add(judged.event.event);
        return;
      }
      const after = judged.t - startedAt;
      const decide = withinMs === undefined || after <= withinMs ? context.pass : context.fail;
      decide(`after ${ms(after)}`, judged.t);
    },
    close: () => deadline.clear(),
    end: () => ({ pass: false, seen: `none, ${soFar()}` }),
  };
}
