import type { Product } from './cause-kind.ts';
import * as sign from './signs.ts';

/** Forward proxies, and programs that look into what people load. */
export const INTERCEPTION: readonly Product[] = [
  {
    id: 'tls-inspection',
    name: 'a program or an appliance that inspects traffic',
    commonness: 3,
    causes: [
      {
        id: 'tls-inspection.whole-answer',
        faults: ['buffer.until-end', 'buffer.headers', 'buffer.unbounded'],
        what: 'the answer is read to its end before it is passed on (Sophos, mitmproxy without streaming)',
        signs: [sign.xabCures(0), sign.burstsOf(4096, 0)],
        fixes: [
          {
            where: 'whoever runs it',
            line: 'except text/event-stream, or this host, from inspection (mitmproxy: --set stream_large_bodies=1)',
            basis: 'documented',
            source: 'https://docs.mitmproxy.org/stable/concepts/options/#stream_large_bodies',
          },
        ],
      },
      {
        id: 'tls-inspection.one-behind',
        faults: ['buffer.one-behind'],
        what: 'the scanner lets an event go when the next one comes (Kaspersky)',
        weight: 3,
        fixes: [
          {
            where: 'origin',
            line: ':\\n\\n   (a comment right after each event)',
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
    commonness: 1,
    causes: [
      {
        id: 'tinyproxy.maxclients',
        faults: ['capacity.limit'],
        what: 'MaxClients is 100 as it is shipped',
        signs: [sign.plateauAt(100, 10)],
        fixes: [
          {
            line: 'MaxClients 2000',
            basis: 'documented',
            source: 'https://github.com/tinyproxy/tinyproxy/blob/master/etc/tinyproxy.conf.in',
          },
        ],
      },
    ],
  },
  {
    id: 'privoxy',
    name: 'Privoxy',
    commonness: 1,
    causes: [
      {
        id: 'privoxy.socket-timeout',
        faults: ['idle.cut', 'idle.cut-before-headers'],
        what: 'socket-timeout is 300 s as it is shipped',
        signs: [sign.silenceCutAfter(300, 4)],
        fixes: [
          {
            line: 'socket-timeout 3600',
            basis: 'documented',
            source: 'https://www.privoxy.org/user-manual/config.html#SOCKET-TIMEOUT',
          },
        ],
      },
      {
        id: 'privoxy.max-client-connections',
        faults: ['capacity.limit'],
        what: 'max-client-connections is 128 unless it is set',
        signs: [sign.plateauAt(128, 20)],
        fixes: [
          {
            line: 'max-client-connections 2000',
            basis: 'documented',
            source: 'https://www.privoxy.org/user-manual/config.html#MAX-CLIENT-CONNECTIONS',
            caution:
              'each takes a thread, and many builds of Privoxy serve no more than FD_SETSIZE (1024) files at once',
          },
        ],
      },
    ],
  },
];
