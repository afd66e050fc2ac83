import type { Product } from './cause-kind.ts';
import { HEARTBEAT } from './origin-lines.ts';
import * as sign from './signs.ts';

/** Apache Traffic Server: 9.2.9 was watched, lines for records.config and the reload with it. */
export const ats: Product = {
  id: 'ats',
  name: 'Apache Traffic Server',
  reload: 'traffic_ctl config reload   (it takes effect some 10 s later)',
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
          basis: 'measured',
          source:
            'https://docs.trafficserver.apache.org/en/9.2.x/admin-guide/files/records.config.en.html#proxy-config-http-transaction-no-activity-timeout-out',
        },
        {
          from: '10.0',
          where: 'records.yaml',
          line: 'records: { http: { transaction_no_activity_timeout_out: 3600, transaction_no_activity_timeout_in: 3600 } }',
          basis: 'documented',
          source:
            'https://docs.trafficserver.apache.org/en/latest/admin-guide/files/records.yaml.en.html#proxy-config-http-transaction-no-activity-timeout-out',
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
          basis: 'measured',
          source:
            'https://docs.trafficserver.apache.org/en/9.2.x/admin-guide/files/records.config.en.html#proxy-config-http-transaction-active-timeout-in',
        },
        {
          from: '10.0',
          where: 'records.yaml',
          line: 'records: { http: { transaction_active_timeout_in: 0 } }',
          basis: 'documented',
          source:
            'https://docs.trafficserver.apache.org/en/latest/admin-guide/files/records.yaml.en.html#proxy-config-http-transaction-active-timeout-in',
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
          basis: 'measured',
          source:
            'https://docs.trafficserver.apache.org/en/9.2.x/admin-guide/files/records.config.en.html#proxy-config-http-connect-attempts-max-retries',
          caution: 'an origin that does not take a connection at once is not tried again either',
        },
        {
          from: '10.0',
          where: 'records.yaml',
          line: 'records: { http: { connect_attempts_max_retries: 0 } }',
          basis: 'documented',
          source:
            'https://docs.trafficserver.apache.org/en/latest/admin-guide/files/records.yaml.en.html#proxy-config-http-connect-attempts-max-retries',
          caution: 'an origin that does not take a connection at once is not tried again either',
        },
      ],
    },
    {
      id: 'ats.cache',
      faults: ['cache.shared-when-public', 'cache.shared'],
      what: 'an answer that tells how long it is fresh is stored, and given to whoever asks while it is still coming',
      signs: [sign.sharesUnmarked(0.1)],
      fixes: [
        {
          where: 'remap.config',
          line: '# at the end of the map line of the streams: @plugin=conf_remap.so @pparam=proxy.config.http.cache.http=0',
          basis: 'measured',
          source:
            'https://docs.trafficserver.apache.org/en/9.2.x/admin-guide/files/records.config.en.html#proxy-config-http-cache-http',
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
          line: HEARTBEAT,
          basis: 'measured',
        },
      ],
    },
  ],
};
