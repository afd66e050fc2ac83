import type { ProbeResult } from '../../results/check/result.ts';
import type { FaultId } from '../faults/fault.ts';
import { EVENTS } from './evidence.ts';

const TIMER: FaultId = 'buffer.timer';
const LATE: FaultId = 'headers.late';

/**
 * A head that comes late, and no later than its body, may be held for a timer, or the whole answer may begin late. A timer holds
 * events, too: where these come at once, or those that are sent behind the beginning do, it is none.
 */
export function asLateAnswer(results: readonly ProbeResult[]): ProbeResult[] {
  // Who holds what is sent behind a head holds it in one of these.
  const events = results.filter(({ probe }) => EVENTS.includes(probe));
  const isUnheld =
    events.some(({ probe }) => probe === 'timing') &&
    events.every(({ status, fault }) => status === 'pass' || fault === LATE);
  return results.map((result) =>
    isUnheld && result.probe === 'headers-first' && result.fault === TIMER
      ? {
          ...result,
          fault: LATE,
          summary: result.summary.replace(
            /: it waited .*?(?= \(measured once|$)/,
            ': the answer began late as a whole, and what was sent then came at once',
          ),
        }
      : result,
  );
}
