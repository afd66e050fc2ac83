import { compares, isUpperLimit } from '../../../notation/comparison.ts';
import type { Judge, JudgeContext } from '../judge.ts';
import { ms } from '../judge.ts';
import type { RuleOf } from '../rule.ts';

const AWAITED = {
  time_to_headers: 'headers',
  time_to_first_byte: 'byte of the body',
  time_to_first_event: 'event',
} as const;

/**
 * `first-event<500ms`: from the start of an attempt until it has what is awaited, for the first attempt that comes so
 * far. One that ends before, and is followed by another, proves nothing.
 */
export function judgeTimeTo(
  rule: RuleOf<'time'> & { metric: keyof typeof AWAITED },
  context: JudgeContext,
): Judge {
  const { metric, op, select } = rule;
  const awaited = select === undefined ? AWAITED[metric] : `${select} event`;
  let startedAt = 0;
  const deadline = context.deadline((t) => context.fail(`no ${awaited} in ${ms(rule.ms)}`, t));
  const come = (t: number) => {
    const after = t - startedAt;
    (compares(after, op, rule.ms) ? context.pass : context.fail)(ms(after), t);
  };
  const judge: Judge = {
    attempt(t) {
      startedAt = t;
      if (isUpperLimit(op)) deadline.set(t + rule.ms);
    },
    close: () => deadline.clear(),
    end: () => ({ pass: false, seen: `no ${awaited} came` }),
  };
  switch (metric) {
    case 'time_to_headers':
      judge.open = (_info, t) => come(t);
      break;
    case 'time_to_first_byte':
      judge.read = (_bytes, t) => come(t);
      break;
    case 'time_to_first_event':
      judge.event = (judged) => {
        if (judged.isNamed(select)) come(judged.t);
      };
  }
  return judge;
}
