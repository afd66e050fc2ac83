import type { FaultKind } from '../kind.ts';

export const gzip: FaultKind = {
  name: 'gzip',
  meaning: 'compressed whether asked for or not, and never flushed: bytes come in bulk, or at the end',
  scope: 'head',
  change(head) {
    head.headers['content-encoding'] = 'gzip';
    head.compression = { encoding: 'gzip', flushing: 'never' };
  },
};
