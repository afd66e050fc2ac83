import type { CloseInfo } from '../../../client/records.ts';
import type { RunEnd } from '../../outcome.ts';
import type { Judge, JudgeContext, Standing } from '../judge.ts';
import { LONGEST_REASON, shortened } from '../judge.ts';

/**
 * `ends clean`: every connection of the run ends complete, between two events; at least one does. A 204 after events is
 * a server's orderly goodbye.
 */
export function judgeEnding(context: JudgeContext): Judge {
  let events = 0;
  let clean: string | undefined;
  return {
    event: () => void events++,
    close(info, t) {
      const words = cleanEnd(info, events);
      if (words !== undefined) clean = words;
      else if (info.reason !== 'client')
        context.fail(shortened(info.error?.message ?? info.reason, LONGEST_REASON), t);
    },
    end: (end) => (clean === undefined ? stillOpen(end) : { pass: true, seen: clean }),
  };
}

function cleanEnd({ reason, framing }: CloseInfo, events: number): string | undefined {
  if (reason === 'no_content' && events > 0) return '204: the server wants no reconnect';
  if (reason !== 'eof') return undefined;
  return framing === 'close' ? "ended with the connection: completeness can't be proven" : 'ended cleanly';
}

function stillOpen({ by }: RunEnd): Standing {
  const flag: Partial<Record<NonNullable<typeof by>, string>> = {
    max: ' (--max-events)',
    until: ' (--until)',
    for: ' (--for)',
    'max-time': ' (--max-time)',
    signal: ' (interrupted)',
  };
  return { pass: false, seen: `it had not ended when we left${by === undefined ? '' : (flag[by] ?? '')}` };
}
