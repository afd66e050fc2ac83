import type { Bench, Judge } from './judge.ts';
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
export function judgeOf(rule: Rule, schema: SchemaCheck | undefined, bench: Bench): Judge {
  switch (rule.kind) {
    case 'comes':
      return judgeComes(rule, bench);
    case 'cadence':
      return judgeCadence(rule, bench);
    case 'first':
      return judgeFirst(rule, bench);
    case 'count':
      return countJudge(rule, bench);
    case 'time':
      return timeJudge(rule, bench);
    case 'data':
      return judgeData(rule, bench);
    case 'ids':
      return judgeIds(bench);
    case 'duplicates':
      return judgeDuplicates(bench);
    case 'ending':
      return judgeEnding(bench);
    case 'status':
      return judgeStatus(rule, bench);
    case 'header':
      return judgeHeader(rule, bench);
    case 'schema':
      return judgeSchema(rule, schema ?? (() => undefined), bench);
  }
}

function countJudge(rule: RuleOf<'count'>, bench: Bench): Judge {
  const { metric } = rule;
  return metric === 'lost' || metric === 'repeated'
    ? judgeDelivery({ ...rule, metric })
    : judgeCount({ ...rule, metric }, bench);
}

function timeJudge(rule: RuleOf<'time'>, bench: Bench): Judge {
  const { metric } = rule;
  switch (metric) {
    case 'time_to_headers':
    case 'time_to_first_byte':
    case 'time_to_first_event':
      return judgeTimeTo({ ...rule, metric }, bench);
    case 'event_gap':
    case 'silence':
      return judgeGap({ ...rule, metric }, bench);
    case 'reconnect_time':
    case 'outage':
      return judgeOutages({ ...rule, metric }, bench);
  }
}
