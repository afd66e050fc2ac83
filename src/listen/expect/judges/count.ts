import { compares, settledForGood } from '../../../notation/comparison.ts';
import type { Judge, JudgeContext } from '../judge.ts';
import { counted } from '../judge.ts';
import type { RuleOf } from '../rule.ts';

const NOUNS = { events: 'event', comments: 'comment', bytes: 'byte', outages: 'outage' } as const;

/** `count>=10`: figures of the whole run, reconnects included, that only grow. */
export function judgeCount(
  rule: RuleOf<'count'> & { metric: keyof typeof NOUNS },
  context: JudgeContext,
): Judge {
  const { metric, op, value, select } = rule;
  let count = 0;
  let opened = false;
  const seen = () => counted(count, NOUNS[metric]);
  const add = (more: number, t: number) => {
    count += more;
    const settled = settledForGood(count, op, value);
    if (settled !== undefined) (settled ? context.pass : context.fail)(seen(), t);
  };
  const end = () => ({ pass: compares(count, op, value), seen: seen() });
  switch (metric) {
    case 'events':
      return {
        event(judged) {
          if (judged.isNamed(select)) add(1, judged.t);
        },
        end,
      };
    case 'comments':
      return { comment: (t) => add(1, t), end };
    case 'bytes':
      return { read: add, end };
    case 'outages':
      return {
        open(_info, _t, accepted) {
          opened = accepted;
        },
        close(_info, t, final) {
          if (opened && !final) add(1, t);
          opened = false;
        },
        end,
      };
  }
}
