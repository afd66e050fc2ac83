import type { Product } from './cause-kind.ts';
import * as sign from './signs.ts';

/** Apache Traffic Server: 9.2.9 was watched. */
export const ats: Product = {
  id: 'ats',
  name: 'Apache Traffic Server',
  commonness: 1,
  causes: [
    {
      id: 'ats.transaction_no_activity_timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'transaction_no_activity_timeout_out is 30 s, as it is unless it is set',
      signs: [sign.silenceCutAfter(31, 6), sign.statusForNoHead(504, 2)],
      fixes: [
        {
          where: 'records.config',
          line: 'CONFIG proxy.config.http.transaction_no_activity_timeout_out INT 3600\nCONFIG proxy.config.http.transaction_no_activity_timeout_in INT 3600',
          basis: 'documented',
        },
      ],
    },
    {
      id: 'ats.connect_attempts',
      faults: ['retry.repeated'],
      what: 'a GET whose connection broke before an answer is sent up to four times',
      weight: 4,
      signs: [{ probe: 'retry', figure: 'getHits', is: { from: 3 }, times: 20, otherwise: 0.2 }],
      fixes: [
        {
          where: 'records.config',
          line: 'CONFIG proxy.config.http.connect_attempts_max_retries INT 0',
          basis: 'documented',
        },
      ],
    },
    {
      id: 'ats.client-watch',
      faults: ['client-gone.on-next-write'],
      what: 'a client that leaves is noticed only when something is written to it',
      fixes: [{ where: 'origin', line: ':\\n\\n   (a comment every 15 s)', basis: 'measured' }],
    },
  ],
};
