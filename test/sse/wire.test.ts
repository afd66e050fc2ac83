import { describe, test } from 'node:test';
import * as wire from '../vectors/wire.ts';
import { bytesOf } from './recording-sink.ts';
import { assertDecodesAnyhow } from './wire-case.ts';

for (const [group, cases] of Object.entries(wire)) {
  describe(`wire cases: ${group}`, () => {
    for (const { name, stream, events = [], comments = [], retry = null, finalLastEventId = '' } of cases) {
      test(name, () => {
        assertDecodesAnyhow(bytesOf(stream), {
          events: events.map(({ type = 'message', data, lastEventId = '' }) => ({ type, data, lastEventId })),
          comments: [...comments],
          retry,
          finalLastEventId,
        });
      });
    }
  });
}
