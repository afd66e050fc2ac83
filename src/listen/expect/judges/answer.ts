import { compares } from '../../../notation/comparison.ts';
import { maskHeaderValue } from '../../../results/redaction.ts';
import type { Judge, JudgeContext } from '../judge.ts';
import { shortened } from '../judge.ts';
import type { RuleOf } from '../rule.ts';
import { testOf } from '../value-test.ts';

const NO_ANSWER = { pass: false, seen: 'no answer came' };

/** `status==401`: of the first answer of the run, after redirects. */
export function judgeStatus({ op, value }: RuleOf<'status'>, context: JudgeContext): Judge {
  return {
    open({ status }, t) {
      (compares(status, op, value) ? context.pass : context.fail)(String(status), t);
    },
    end: () => NO_ANSWER,
  };
}

/** `header cache-control ~ "no-cache"`: of the first answer; lines of one name are joined by commas. */
export function judgeHeader({ name, test }: RuleOf<'header'>, context: JudgeContext): Judge {
  const passes = testOf(test);
  const masked = (value: string) => (context.showSecrets ? value : maskHeaderValue(name, value));
  return {
    open({ headers }, t) {
      const values = headers.flatMap(([each, value]) => (each.toLowerCase() === name ? [value] : []));
      if (values.length === 0) return context.fail('absent', t);
      const value = values.join(', ');
      const number = value.trim() === '' ? Number.NaN : Number(value);
      const pass = passes(passes.wantsNumber && !Number.isNaN(number) ? number : value);
      const shown = shortened(JSON.stringify(values.map(masked).join(', ')), 120);
      (pass ? context.pass : context.fail)(shown, t);
    },
    end: () => NO_ANSWER,
  };
}
