import type { Judge, JudgeContext } from '../judge.ts';
import { counted, shortened } from '../judge.ts';
import type { RuleOf } from '../rule.ts';
import { noEvent } from './data.ts';

/** What is wrong with a value, in a few words; nothing where it is as it should be. */
export type SchemaCheck = (value: unknown, eventName: string) => string | undefined;

/** `schema=FILE.json`: the data of every event is JSON that the schema allows. */
export function judgeSchema({ select }: RuleOf<'schema'>, check: SchemaCheck, context: JudgeContext): Judge {
  let looked = 0;
  return {
    event(judged) {
      if (!judged.isNamed(select) || judged.isSentinel) return;
      looked++;
      const { json, event, n, t } = judged;
      const wrong =
        json === undefined
          ? `not JSON: ${shortened(JSON.stringify(event.data))}`
          : check(json.value, event.event);
      if (wrong !== undefined) context.fail(`event ${n}: ${wrong}`, t);
    },
    end: () =>
      looked === 0 ? { pass: false, seen: noEvent(select) } : { pass: true, seen: counted(looked, 'event') },
  };
}
