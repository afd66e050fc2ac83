import type { SummarySections } from '../../results/sections.ts';
import { escapeInline } from '../escape.ts';
import { counted, formatCount } from '../quantity.ts';
import type { Row } from '../rows.ts';

/** What became of the commands of `--exec`. */
export function execRows({ exec }: SummarySections): Row[] {
  if (exec === undefined) return [];
  const { started, failed, firstFailure, stopped = 0, notRun = 0 } = exec;
  const parts = [counted(started, 'command')];
  if (started > 0) parts.push(failed === 0 ? 'none failed' : `${formatCount(failed)} failed`);
  if (stopped > 0) parts.push(`${formatCount(stopped)} ended by the interruption`);
  if (notRun > 0) parts.push(`not run for ${counted(notRun, 'further event')}`);
  const rows: Row[] = [['exec', parts.join(' · ')]];
  if (firstFailure !== undefined) {
    rows.push(['', `${failed > 1 ? 'the first ' : 'it '}${escapeInline(firstFailure)}`]);
  }
  return rows;
}
