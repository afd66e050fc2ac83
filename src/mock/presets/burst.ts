import { tickData, ticker } from '../ticker.ts';
import type { Preset } from './preset.ts';
import { shapeFor } from './shape.ts';

const DEFAULT_COUNT = 10_000;

/** Ticks without a pause: the reader sets the pace, and holds no more than a stalled reader may. */
export const burst: Preset = {
  name: 'burst',
  summary: '10,000 events as fast as the reader takes them',
  uses: ['count', 'size', 'event'],
  create: (options) => (request) => {
    const { count = DEFAULT_COUNT, size, event } = shapeFor(request, options);
    return ticker({ intervalMs: 0, count, event, data: tickData(size) })(request);
  },
};
