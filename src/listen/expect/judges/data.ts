import { compilePath } from '../../../notation/json-path.ts';
import type { Judge, JudgeContext } from '../judge.ts';
import { counted, shortened } from '../judge.ts';
import type { JudgedEvent } from '../judged-event.ts';
import type { RuleOf } from '../rule.ts';
import { type TestOf, testOf } from '../value-test.ts';

/** `data.status=="done"`: the value is so in some event; `every data.id is number`: in each. */
export function judgeData(rule: RuleOf<'data'>, context: JudgeContext): Judge {
  const look = lookAt(rule.path, rule.test);
  return rule.quantifier === 'some' ? judgeSome(rule, look, context) : judgeEvery(rule, look, context);
}

function judgeSome({ select }: RuleOf<'data'>, look: Look, context: JudgeContext): Judge {
  let looked = 0;
  let last = '';
  return {
    event(judged) {
      if (!judged.isNamed(select)) return;
      const { pass, seen } = look(judged);
      if (pass) return context.pass(`event ${judged.n}: ${seen}`, judged.t);
      looked++;
      last = seen;
    },
    end: () => ({
      pass: false,
      seen: looked === 0 ? noEvent(select) : `in none of ${counted(looked, 'event')}; the last: ${last}`,
    }),
  };
}

function judgeEvery({ select }: RuleOf<'data'>, look: Look, context: JudgeContext): Judge {
  let looked = 0;
  return {
    event(judged) {
      if (!judged.isNamed(select) || judged.isSentinel) return;
      looked++;
      const { pass, seen } = look(judged);
      if (!pass) context.fail(`event ${judged.n}: ${seen}`, judged.t);
    },
    // Nothing to judge is no success: a stream that is dead would pass.
    end: () =>
      looked === 0 ? { pass: false, seen: noEvent(select) } : { pass: true, seen: counted(looked, 'event') },
  };
}

export function noEvent(select: string | undefined): string {
  return `no ${select === undefined ? '' : `${shortened(select)} `}event came`;
}

type Look = (judged: JudgedEvent) => { pass: boolean; seen: string };

function lookAt(path: string, test: RuleOf<'data'>['test']): Look {
  const passes = testOf(test);
  const name = `data${path}`;
  return path === '' ? lookAtWhole(passes) : lookAtPart(name, compilePath(path), passes);
}

/** Data as a whole is the text that came to whoever asks for a text, and JSON's value to others. */
function lookAtWhole(passes: TestOf): Look {
  return (judged) => {
    const { data } = judged.event;
    const value = passes.wantsText ? data : judged.json === undefined ? data : judged.json.value;
    return { pass: passes(value), seen: shownValue(value) };
  };
}

function lookAtPart(name: string, partOf: (value: unknown) => unknown, passes: TestOf): Look {
  return ({ json, event }) => {
    if (json === undefined) return { pass: false, seen: `not JSON: ${shownValue(event.data)}` };
    const value = partOf(json.value);
    if (value === undefined) return { pass: false, seen: `${name} is missing` };
    return { pass: passes(value), seen: shownValue(value) };
  };
}

/** As JSON; text that is full of quotes itself stands as it came. */
function shownValue(value: unknown): string {
  const text = typeof value === 'string' && value.includes('"') ? value : JSON.stringify(value);
  return shortened(text ?? '');
}
