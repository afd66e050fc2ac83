import { compares } from '../../../notation/comparison.ts';
import { ResumeAudit } from '../../../stats/delivery.ts';
import type { Judge } from '../judge.ts';
import { counted } from '../judge.ts';
import type { RuleOf } from '../rule.ts';

/** `lost==0`, `repeated==0`: what resuming did to the events of the run, as its summary tells it for each outage. */
export function judgeDelivery(rule: RuleOf<'count'> & { metric: 'lost' | 'repeated' }): Judge {
  const { metric, op, value } = rule;
  const audit = new ResumeAudit();
  let opened = false;
  let resumes = 0;
  let total = 0;
  let unknown = 0;
  let eventsSince = 0;
  const settle = () => {
    // A resume that brought nothing has neither lost nor repeated anything yet.
    if (resumes === 0 || eventsSince === 0) return;
    const { lost, repeated } = audit.outcome();
    if (metric === 'repeated') total += repeated;
    else if (lost === undefined) unknown++;
    else total += lost;
  };
  return {
    open(_info, _t, accepted) {
      opened = accepted;
    },
    event({ event }) {
      eventsSince++;
      audit.event(event.id);
    },
    close(_info, _t, final) {
      if (final || !opened) return;
      opened = false;
      settle();
      audit.interrupted();
      eventsSince = 0;
      resumes++;
    },
    end() {
      settle();
      if (resumes === 0) return { pass: compares(0, op, value), seen: 'no outage' };
      const over = `over ${counted(resumes, 'outage')}`;
      if (unknown > 0)
        return {
          pass: false,
          seen: `can't be told ${over}: no ids that count upwards by one before and after`,
        };
      return { pass: compares(total, op, value), seen: `${total} ${metric} ${over}` };
    },
  };
}
