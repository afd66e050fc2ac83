import type { InvalidReason } from '../../results/bench/result.ts';
import { figureText } from '../preflight/check.ts';
import { afterSteal } from './after-steal.ts';
import type { Doubt } from './evidence.ts';

const LEAST_SHARE = 0.99;

/** Starts of one turn of the event loop, at which a run may be ended. */
const ON_THEIR_WAY = 8;

/** Fewer streams were started than the plan had: what was measured is a lighter load. */
export const loadNotDelivered: Doubt = ({ plan, total, endedEarly, losses, machine }) => {
  const { started, withheld, planned } = total.counts;
  // A run that was ended early is judged by what was due until then.
  const due = endedEarly ? planned : Math.max(planned, plan.starts);
  // Nobody ended it where a worker was lost, which is reason enough.
  if (endedEarly && started === 0) return losses.length > 0 ? undefined : NOTHING;
  if (due === 0 || started >= LEAST_SHARE * due) return undefined;
  // Some are on their way at any instant.
  if (endedEarly && due - started <= ON_THEIR_WAY) return undefined;
  const percent = (100 * started) / due;
  return {
    code: 'load-not-delivered',
    figure: percent,
    limit: 100 * LEAST_SHARE,
    unit: '%',
    message: `${figureText(started)} of ${figureText(due)} planned streams were started${withheld > 0 ? `: ${figureText(withheld)} came when all that -c allows were open` : ''}`,
    remedy:
      withheld > 0
        ? 'Raise -c, lower the rate, or let streams end sooner (--stream-for): the server holds them longer than the plan allows for.'
        : afterSteal('Lower the rate, use more --workers, or a machine with more free cores.', machine),
  };
};

const NOTHING: InvalidReason = {
  code: 'load-not-delivered',
  figure: 0,
  limit: 100 * LEAST_SHARE,
  unit: '%',
  message: 'the run was ended before a stream had started: nothing was measured',
  remedy: 'Let it run.',
};
