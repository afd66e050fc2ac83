import type { Preset } from './preset.ts';

/** Nothing by itself: what is published on its channels, with their ids, resumed by them. */
export const quiet: Preset = {
  name: 'quiet',
  summary: 'nothing by itself: what is published, and keepalives',
  uses: [],
  create: () => () => ({ kind: 'stream', schedule: [][Symbol.iterator](), hold: true, ids: 'channel' }),
};
