import type { Product } from './cause-kind.ts';
import * as sign from './signs.ts';

/** nghttpx: 1.52 was watched. */
export const nghttpx: Product = {
  id: 'nghttpx',
  name: 'nghttpx',
  commonness: 1,
  causes: [
    {
      id: 'nghttpx.backend-read-timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: '--backend-read-timeout is 60 s, as it is unless it is set',
      signs: [sign.silenceCutAfter(60, 3), sign.statusForNoHead(504, 2)],
      fixes: [
        {
          where: 'nghttpx command line',
          line: '--backend-read-timeout=1h',
          restart: true,
          basis: 'measured',
          source: 'https://nghttp2.org/documentation/nghttpx.1.html',
        },
      ],
    },
  ],
};
