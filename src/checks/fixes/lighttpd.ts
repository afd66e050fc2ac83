import type { Product } from './cause-kind.ts';
import { HEARTBEAT, ONE_FOR_ALL_TABS } from './origin-lines.ts';
import * as sign from './signs.ts';

/** lighttpd: 1.4.69 was watched. */
export const lighttpd: Product = {
  id: 'lighttpd',
  name: 'lighttpd',
  place: 'lighttpd.conf',
  reload: 'systemctl restart lighttpd',
  twice: 'refused',
  commonness: 2,
  causes: [
    {
      id: 'lighttpd.stream-response-body',
      faults: [
        'buffer.until-end',
        'buffer.headers',
        'buffer.unbounded',
        'client-gone.unnoticed',
        'truncation.masked',
      ],
      what: 'server.stream-response-body is 0, as it is unless it is set: the whole answer is taken in first',
      weight: 2,
      signs: [
        sign.lengthGiven(20),
        sign.xabCures(0),
        sign.besides('buffer.threshold', 0),
        // Streaming, it tells in HTTP/1.1 what broke off.
        { ...sign.masks('http1Fin', 1, 0), of: 'truncation.masked' },
      ],
      fixes: [{ line: 'server.stream-response-body = 2', basis: 'measured' }],
    },
    {
      id: 'lighttpd.h2-streams',
      faults: ['h2.few-streams'],
      what: 'it announces 8 streams on a connection, and no setting is known that changes it (seen with 1.4.69)',
      signs: [{ probe: 'h2', figure: 'allowedStreams', is: 8, times: 3, otherwise: 0, anybodys: true }],
      fixes: [
        {
          where: 'origin',
          line: ONE_FOR_ALL_TABS,
          basis: 'documented',
          source: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes',
        },
      ],
    },
    {
      id: 'lighttpd.h2-end',
      faults: ['truncation.masked'],
      what: 'an HTTP/2 stream is ended in order when the origin breaks off, whatever stream-response-body is (seen with 1.4.69)',
      signs: [sign.masks('http1Fin', 0, 3), sign.masks('http2Fin', 4, 0)],
      fixes: [
        {
          line: 'server.feature-flags += ("server.h2proto" => "disable")',
          addsUp: true,
          basis: 'measured',
          source: 'https://redmine.lighttpd.net/projects/lighttpd/wiki/Server_feature-flagsDetails',
          caution: 'a browser then opens 6 connections to the host at most, and each stream takes one',
        },
      ],
    },
    {
      id: 'lighttpd.stream-request-body',
      faults: ['buffer.request-body'],
      what: 'server.stream-request-body is 0, as it is unless it is set',
      fixes: [{ line: 'server.stream-request-body = 2', basis: 'measured' }],
    },
    {
      id: 'lighttpd.max-write-idle',
      faults: ['idle.cut'],
      what: 'server.max-write-idle ends an answer of which nothing was written for so long: 360 s, unless it is set',
      signs: [
        sign.silenceCutAfter(360, 6),
        // That of who may stand behind it.
        sign.silenceCutAfter(60, 0.1, 1),
        sign.statusForNoHead([502, 503, 504], 0.3),
      ],
      fixes: [
        {
          line: 'server.max-write-idle = 3600',
          basis: 'measured',
          source: 'https://redmine.lighttpd.net/projects/lighttpd/wiki/Docs_ResourceTuning',
        },
      ],
    },
    {
      id: 'lighttpd.kbytes-per-second',
      faults: ['rate.limit'],
      what: 'connection.kbytes-per-second, or server.kbytes-per-second for all of them, is set',
      weight: 0.5,
      fixes: [
        {
          line: 'connection.kbytes-per-second = 0\nserver.kbytes-per-second = 0',
          basis: 'measured',
          source: 'https://redmine.lighttpd.net/projects/lighttpd/wiki/Docs_TrafficShaping',
        },
      ],
    },
    {
      id: 'lighttpd.client-watch',
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
