import { countingNumber } from '../../../stats/counting-id.ts';
import { RememberedIds } from '../../../stats/remembered-ids.ts';
import type { Judge, JudgeContext } from '../judge.ts';
import { counted, shortened } from '../judge.ts';

const NUMBERS = /^\d+(?:-\d+)*$/;

/** `ids increasing`: each id of the run is greater than the one before it, also across reconnects. Events without an id don't count. */
export function judgeIds(context: JudgeContext): Judge {
  let last: string | undefined;
  let count = 0;
  return {
    event({ event: { id }, n, t }) {
      if (id === undefined || id === '') return;
      if (last !== undefined && !isGreater(id, last))
        context.fail(`event ${n}: ${shortened(id)} after ${shortened(last)}`, t);
      last = id;
      count++;
    },
    end: () => (count === 0 ? NO_ID : { pass: true, seen: counted(count, 'id') }),
  };
}

/** `no duplicates`: no id comes twice in the run, also not after a reconnect, as far back as 10,000 ids. */
export function judgeDuplicates(context: JudgeContext): Judge {
  const ids = new RememberedIds();
  let count = 0;
  let connection = 0;
  return {
    attempt: () => void connection++,
    event({ event: { id }, n, t }) {
      if (id === undefined || id === '') return;
      const number = countingNumber(id);
      if (ids.has(id, number)) {
        const resumed = connection > 1 ? `, on connection ${connection}` : '';
        context.fail(`event ${n}: ${shortened(id)} came before${resumed}`, t);
      } else ids.add(id, number);
      count++;
    },
    end: () => (count === 0 ? NO_ID : { pass: true, seen: counted(count, 'different id') }),
  };
}

const NO_ID = { pass: false, seen: 'no event with an id came' };

/** Numbers, and numbers joined by hyphens as in Redis, by their value; anything else by its code units. */
function isGreater(id: string, than: string): boolean {
  if (!NUMBERS.test(id) || !NUMBERS.test(than)) return id > than;
  const parts = id.split('-');
  const others = than.split('-');
  for (let index = 0; index < Math.max(parts.length, others.length); index++) {
    const a = digits(parts[index]);
    const b = digits(others[index]);
    if (a !== b) return a.length === b.length ? a > b : a.length > b.length;
  }
  return false;
}

/** Ids may be longer than what a number holds exactly. */
function digits(part = ''): string {
  return part.replace(/^0+(?=.)/, '');
}
