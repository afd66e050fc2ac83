import type { BenchResult } from '../../../results/bench/result.ts';
import { formatDuration } from '../../duration.ts';
import { counted, formatCount } from '../../quantity.ts';
import { formatMeasured, formatShare } from '../figures.ts';
import { lastedMs } from '../lasted.ts';
import { openAtEnd } from '../open-at-end.ts';
import { errorReasons, type Reason, reasonsText } from './reasons.ts';
import { listed, were } from './wording.ts';

/** What became of the streams. */
export function streams(result: BenchResult): string {
  const { started, opened } = result.counts;
  const time = formatDuration(lastedMs(result));
  if (opened === 0) {
    const tried = `${counted(started, 'stream')} tried for ${time}, and none was ever accepted`;
    const why = `${tried}: ${reasonsText([...errorReasons(result.errors), ...otherReasons(result)])}.`;
    return result.errors.length + result.endings.no_content > 0 ? why : `${why} ${HELD_BACK}`;
  }
  const held = wereHeld(result);
  const what = `${counted(started, 'stream')} ${were(started)} ${held ? `held for ${time}` : `started in ${time}`}`;
  const fates = fatesOf(result, held);
  return fates.length === 0 ? `${what}.` : `${what}; ${listed(fates)}.`;
}

/** Each was accepted at its first attempt, and was there until the end. */
function wereHeld(result: BenchResult): boolean {
  const { started, attempts } = result.counts;
  return openAtEnd(result).connected === started && attempts === started;
}

function fatesOf(result: BenchResult, held: boolean): string[] {
  const { started, succeeded, failed, open, failedAttempts, neverOpened } = result.counts;
  const { connected, waiting, asking, unknown } = openAtEnd(result);
  const trying = waiting - asking;
  // A 204 ends a stream as wanted, but one that never was a stream had nothing of what was wanted.
  const asWanted = neverOpened === 0 ? ' as wanted' : '';
  const number = (count: number) => (count === started && count > 1 ? 'all' : formatCount(count));
  return [
    ...(succeeded > 0 ? [`${number(succeeded)} ended${asWanted}`] : []),
    ...(connected > 0 && !held ? [`${number(connected)} ${were(connected)} open at the end`] : []),
    ...(connected === 0 && open > unknown ? ['none was open at the end'] : []),
    ...(trying > 0
      ? [`${number(trying)} ${were(trying)} ${neverOpened === 0 ? 'trying to come back' : 'still trying'}`]
      : []),
    ...(asking > 0 ? [`${number(asking)} ${were(asking)} without an answer`] : []),
    ...(unknown > 0 ? [`${number(unknown)} ${were(unknown)} on a worker that was lost`] : []),
    ...(failed > 0 ? [`${number(failed)} failed (${formatShare(failed / started)})`] : []),
    ...(failed + failedAttempts + neverOpened === 0 ? ['none failed'] : []),
  ];
}

/** Which streams were never let in, which attempts failed, and why. */
export function refusals(result: BenchResult): string {
  const { counts, endings, errors } = result;
  const { attempts, failedAttempts, neverOpened, opened } = counts;
  if (opened === 0) return '';
  const never = `${formatCount(neverOpened)} never got in`;
  if (failedAttempts === 0) return neverOpened === 0 ? '' : `${never}: ${reasonsText(otherReasons(result))}.`;
  const share = formatShare(failedAttempts / attempts);
  const failures = `${formatCount(failedAttempts)} of ${counted(attempts, 'attempt')} failed (${share}): ${reasonsText(errorReasons(errors))}`;
  const parts = [
    ...(neverOpened === 0 ? [] : [never]),
    failures,
    ...(endings.no_content === 0 ? [] : [`${formatCount(endings.no_content)} got ${NO_CONTENT}`]),
  ];
  return `${parts.join('; ')}.`;
}

const HELD_BACK = 'A proxy on the way may hold the answer back: ssekit check-proxy tells.';

const NO_CONTENT = 'HTTP 204, which tells a client to stay away';

/** What keeps a stream out without being an error. */
function otherReasons(result: BenchResult): Reason[] {
  const { endings, censored, errors } = result;
  const { asking } = openAtEnd(result);
  const refused = errors.length > 0 || endings.no_content > 0;
  const waited = censored.time_to_headers?.longest ?? lastedMs(result);
  return [
    ...(endings.no_content > 0 ? [{ text: NO_CONTENT, count: endings.no_content }] : []),
    ...(refused ? [] : [{ text: `no answer came in at least ${formatMeasured(waited)}`, count: 1 }]),
    ...(refused && asking > 0 ? [{ text: 'no answer', count: asking }] : []),
  ];
}
