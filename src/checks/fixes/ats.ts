import type { Product } from './cause-kind.ts';
import * as sign from './signs.ts';

/** Apache Traffic Server: 9.2.9 was watched. */
export const ats: Product = {
  id: 'ats',
  name: 'Apache Traffic Server',
  reload: 'traffic_ctl config reload',
  commonness: 1,
  causes: [
    {
      id: 'ats.transaction_no_activity_timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'transaction_no_activity_timeout_out is 30 s, as it is unless it is set, and starts when the connection to the origin is there',
      signs: [sign.silenceCutAfter(31, 6), sign.statusForNoHead(504, 2)],
      fixes: [
        {
          below: '10.0',
          where: 'records.config',
          line: 'CONFIG proxy.config.http.transaction_no_activity_timeout_out INT 3600\nCONFIG proxy.config.http.transaction_no_activity_timeout_in INT 3600',
          basis: 'documented',
          source: 'https://docs.trafficserver.apache.org/en/9.2.x/admin-guide/files/records.config.en.html',
        },
        {
          from: '10.0',
          where: 'records.yaml',
          line: 'records: { http: { transaction_no_activity_timeout_out: 3600, transaction_no_activity_timeout_in: 3600 } }',
          basis: 'documented',
          source: 'https://docs.trafficserver.apache.org/en/latest/admin-guide/files/records.yaml.en.html',
        },
      ],
    },
    {
      id: 'ats.transaction_active_timeout',
      faults: ['lifetime.cut'],
      what: 'transaction_active_timeout_in is 900 s, as it is unless it is set, and counts from the beginning of an answer',
      signs: [sign.cutAtAge(900, 10)],
      fixes: [
        {
          below: '10.0',
          where: 'records.config',
          line: 'CONFIG proxy.config.http.transaction_active_timeout_in INT 0',
          basis: 'documented',
          source: 'https://docs.trafficserver.apache.org/en/9.2.x/admin-guide/files/records.config.en.html',
        },
        {
          from: '10.0',
          where: 'records.yaml',
          line: 'records: { http: { transaction_active_timeout_in: 0 } }',
          basis: 'documented',
          source: 'https://docs.trafficserver.apache.org/en/latest/admin-guide/files/records.yaml.en.html',
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
          below: '10.0',
          where: 'records.config',
          line: 'CONFIG proxy.config.http.connect_attempts_max_retries INT 0',
          basis: 'documented',
          source: 'https://docs.trafficserver.apache.org/en/9.2.x/admin-guide/files/records.config.en.html',
          caution: 'an origin that does not take a connection at once is not tried again either',
        },
        {
          from: '10.0',
          where: 'records.yaml',
          line: 'records: { http: { connect_attempts_max_retries: 0 } }',
          basis: 'documented',
          source: 'https://docs.trafficserver.apache.org/en/latest/admin-guide/files/records.yaml.en.html',
          caution: 'an origin that does not take a connection at once is not tried again either',
        },
      ],
    },
    {
      id: 'ats.client-watch',
      faults: ['client-gone.on-next-write'],
      what: 'a client that leaves is noticed only when something is written to it',
      fixes: [
        {
          where: 'origin',
          line: ':\\n\\n   (a comment every 15 s, which clients pass over)',
          basis: 'measured',
        },
      ],
    },
  ],
};
