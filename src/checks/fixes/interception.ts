import type { Product } from './cause-kind.ts';
import { AFTER_EACH_EVENT } from './origin-lines.ts';
import * as sign from './signs.ts';

/** Forward proxies, and programs that look into what people load: tinyproxy 1.11.1, Privoxy 3.0.34 and mitmproxy 8.1.1 were watched. */
export const INTERCEPTION: readonly Product[] = [
  {
    id: 'tls-inspection',
    name: 'a program or an appliance that inspects traffic',
    commonness: 3,
    causes: [
      {
        id: 'tls-inspection.whole-answer',
        faults: ['buffer.until-end', 'buffer.headers', 'buffer.unbounded'],
        what: 'the answer is read to its end, and scanned, before it is passed on (Symantec Cloud SWG, Sophos, mitmproxy unless it streams)',
        signs: [sign.xabCures(0), sign.burstsOf(4096, 0)],
        fixes: [
          {
            where: 'whoever runs it',
            line: 'except text/event-stream, or this host, from inspection',
            basis: 'documented',
            source:
              'https://knowledge.broadcom.com/external/article/406021/site-with-streaming-content-fails-to-loa.html',
          },
          {
            faults: ['buffer.until-end', 'buffer.unbounded'],
            where: 'where mitmproxy is started',
            line: '--set stream_large_bodies=1',
            restart: true,
            basis: 'measured',
            source: 'https://docs.mitmproxy.org/stable/concepts/options/#stream_large_bodies',
            caution: 'the head still waits for the first bytes of the body',
          },
        ],
      },
      {
        id: 'tls-inspection.one-behind',
        faults: ['buffer.one-behind'],
        what: 'the scanner lets an event go when the next one comes (reported of Kaspersky)',
        weight: 3,
        fixes: [
          {
            where: 'origin',
            line: AFTER_EACH_EVENT,
            basis: 'documented',
            source: 'https://github.com/featurehub-io/featurehub/issues/296',
          },
          {
            where: 'whoever runs it',
            line: 'except this host from inspection',
            basis: 'documented',
            source: 'https://github.com/featurehub-io/featurehub/issues/296',
          },
        ],
      },
      {
        id: 'tls-inspection.rewriting',
        faults: ['bytes.changed'],
        what: 'what is put into pages is put into streams, too',
        weight: 0.4,
        fixes: [
          {
            where: 'whoever runs it',
            line: 'except this host from inspection',
            basis: 'documented',
            source: 'https://www.rfc-editor.org/rfc/rfc9110#section-7.7',
          },
        ],
      },
    ],
  },
  {
    id: 'tinyproxy',
    name: 'tinyproxy',
    place: 'tinyproxy.conf',
    reload: 'systemctl reload tinyproxy',
    commonness: 1,
    causes: [
      {
        id: 'tinyproxy.timeout',
        faults: ['idle.cut', 'idle.cut-before-headers'],
        what: 'Timeout ends silence: 600 s as it is shipped',
        signs: [sign.silenceCutAfter(600, 4)],
        fixes: [
          {
            line: 'Timeout 3600',
            basis: 'measured',
            source: 'https://github.com/tinyproxy/tinyproxy/blob/master/etc/tinyproxy.conf.in',
          },
        ],
      },
      {
        id: 'tinyproxy.maxclients',
        faults: ['capacity.limit'],
        what: 'MaxClients is 100 as it is shipped',
        signs: [sign.plateauAt(100, 10), sign.beyondLimit('waits', 2, 0.05)],
        fixes: [
          {
            line: 'MaxClients 2000',
            basis: 'measured',
            source: 'https://github.com/tinyproxy/tinyproxy/blob/master/etc/tinyproxy.conf.in',
          },
        ],
      },
    ],
  },
  {
    id: 'privoxy',
    name: 'Privoxy',
    // It looks itself whether its configuration has changed.
    place: 'the file config',
    commonness: 1,
    causes: [
      {
        id: 'privoxy.socket-timeout',
        faults: ['idle.cut', 'idle.cut-before-headers'],
        what: 'socket-timeout is 300 s as it is shipped',
        signs: [sign.silenceCutAfter(300, 4), sign.statusForNoHead(504, 2)],
        fixes: [
          {
            line: 'socket-timeout 3600',
            basis: 'measured',
            source: 'https://www.privoxy.org/user-manual/config.html#SOCKET-TIMEOUT',
          },
        ],
      },
      {
        id: 'privoxy.request-body',
        faults: ['buffer.request-body'],
        what: 'the origin is asked when the whole body is there (seen with 3.0.34)',
        fixes: [
          {
            line: '# no setting of 3.0.34 is known that mends it: send what is large first, and ask for the stream by another request',
            basis: 'measured',
          },
        ],
      },
      {
        id: 'privoxy.max-client-connections',
        faults: ['capacity.limit'],
        what: 'max-client-connections is 128 unless it is set',
        signs: [sign.plateauAt(128, 20), sign.beyondLimit('status 503', 2, 0.05)],
        fixes: [
          {
            line: 'max-client-connections 2000',
            basis: 'measured',
            source: 'https://www.privoxy.org/user-manual/config.html#MAX-CLIENT-CONNECTIONS',
            caution:
              'each takes a thread and two files, and a build with select() in place of poll() serves no more than FD_SETSIZE (1024) files at once',
          },
        ],
      },
    ],
  },
];
