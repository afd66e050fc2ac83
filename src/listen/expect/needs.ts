import type { CountMetric, TimeMetric } from './metrics.ts';
import { parseRule } from './parse.ts';

type What = 'bytes' | 'comments';

const NEEDED: Readonly<Partial<Record<CountMetric | TimeMetric, What>>> = {
  bytes: 'bytes',
  time_to_first_byte: 'bytes',
  silence: 'bytes',
  comments: 'comments',
};

/**
 * What a rule looks at beside heads, events and endings, which every recording has.
 *
 * @throws SseKitError exit 2 for a rule that can't be read
 */
export function neededBy(text: string): What | undefined {
  const rule = parseRule(text);
  return rule.kind === 'count' || rule.kind === 'time' ? NEEDED[rule.metric] : undefined;
}
