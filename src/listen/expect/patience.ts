import type { Rule } from './rule.ts';

/** Whether a rule can hold for good only when the stream is over: on one without an end it would be judged for ever. */
export function holdsOnlyAtEnd(rule: Rule): boolean {
  switch (rule.kind) {
    case 'comes':
    case 'first':
    case 'status':
    case 'header':
      return false;
    case 'count':
      return !['>', '>=', '!='].includes(rule.op) || rule.metric === 'lost' || rule.metric === 'repeated';
    case 'time':
      return !rule.metric.startsWith('time_to_');
    case 'data':
      return rule.quantifier === 'every';
    case 'cadence':
    case 'ids':
    case 'duplicates':
    case 'ending':
    case 'schema':
      return true;
  }
}
