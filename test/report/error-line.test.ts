import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SseKitError } from '../../src/client/errors.ts';
import { errorNdjson, errorText } from '../../src/report/error-line.ts';

const refused = new SseKitError('ECONNREFUSED', 7, 'nothing listens on localhost:4000', {
  hint: 'Is the server running?',
});

describe('a known error', () => {
  it('is one line and a hint for people', () => {
    assert.equal(errorText(refused), 'ssekit: nothing listens on localhost:4000\n  Is the server running?\n');
    assert.equal(errorText(new SseKitError('X', 1, 'no')), 'ssekit: no\n');
    const places = ['a.yaml:1:2: x', 'a.yaml:3:4: \x1b[2J'];
    const several = new SseKitError('X', 2, places.join('\n'), { hint: 'Look.', places });
    assert.equal(errorText(several), 'a.yaml:1:2: x\na.yaml:3:4: ␛[2J\n  Look.\n');
  });

  it('is a line of JSON with code and exit code for programs', () => {
    assert.equal(
      errorNdjson(refused),
      '{"type":"error","code":"ECONNREFUSED","exit":7,"message":"nothing listens on localhost:4000","hint":"Is the server running?"}\n',
    );
  });

  it('does not let a server speak to the terminal', () => {
    assert.equal(errorText(new SseKitError('X', 1, 'bad \x1b[2J\nline')), 'ssekit: bad ␛[2J␊line\n');
  });
});
