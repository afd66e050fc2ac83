import type { Judge, JudgeContext } from './judge.ts';
import { judgeHeader, judgeStatus } from './judges/answer.ts';
import { judgeComes } from './judges/comes.ts';
import { judgeCount } from './judges/count.ts';
import { judgeData } from './judges/data.ts';
import { judgeDelivery } from './judges/delivery.ts';
import { judgeEnding } from './judges/ending.ts';
import { judgeFirst } from './judges/first.ts';
import { judgeCadence, judgeGap } from './judges/gaps.ts';
import { judgeDuplicates, judgeIds } from './judges/ids.ts';
import { judgeOutages } from './judges/outages.ts';
import { judgeSchema, type SchemaCheck } from './judges/schema.ts';
import { judgeTimeTo } from './judges/time-to.ts';
import type { Rule, RuleOf } from './rule.ts';

/** The judge of a rule. @param schema the check of a `schema` rule, which was loaded before */
export function judgeOf(rule: Rule, schema: SchemaCheck | undefined, context: JudgeContext): Judge {
  switch (rule.kind) {
    case 'comes':
      return judgeComes(rule, context);
    case 'cadence':
      return judgeCadence(rule, context);
    case 'first':
      return judgeFirst(rule, context);
    case 'count':
      return countJudge(rule, context);
    case 'time':
      return timeJudge(rule, context);
    case 'data':
      return judgeData(rule, context);
    case 'ids':
      return judgeIds(context);
    case 'duplicates':
      return judgeDuplicates(context);
    case 'ending':
      return judgeEnding(context);
    case 'status':
      return judgeStatus(rule, context);
    case 'header':
      return judgeHeader(rule, context);
    case 'schema':
      return judgeSchema(rule, schema ?? (() => undefined), context);
  }
}

function countJudge(rule: RuleOf<'count'>, context: JudgeContext): Judge {
  const { metric } = rule;
  return metric === 'lost' || metric === 'repeated'
    ? judgeDelivery({ ...rule, metric })
    : judgeCount({ ...rule, metric }, context);
}

function timeJudge(rule: RuleOf<'time'>, context: JudgeContext): Judge {
  const { metric } = rule;
  switch (metric) {
    case 'time_to_headers':
    case 'time_to_first_byte':
    case 'time_to_first_event':
      return judgeTimeTo({ ...rule, metric }, context);
    case 'event_gap':
    case 'silence':
      return judgeGap({ ...rule, metric }, context);
    case 'reconnect_time':
    case 'outage':
      return judgeOutages({ ...rule, metric }, context);
  }
}
