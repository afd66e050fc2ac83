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

  const silent = new SseKitError(
    'SILENT',
    14,
    'localhost:8080 takes the request, and nothing came in 20.0 s',
    {
      hint: "More: ssekit check-proxy --explain idle.cut-before-headers. This tells which: ssekit check-proxy 'http://localhost:8080/events' --direct 'http://HOST:PORT/events'",
    },
  );

  it('is broken between words on a narrow terminal, and has a command to copy on a line of its own, whole', () => {
    assert.equal(
      errorText(silent, { columns: 50 }),
      [
        'ssekit: localhost:8080 takes the request, and',
        'nothing came in 20.0 s',
        '  More:',
        '  ssekit check-proxy --explain idle.cut-before-headers.',
        '  This tells which:',
        "  ssekit check-proxy 'http://localhost:8080/events' --direct 'http://HOST:PORT/events'",
        '',
      ].join('\n'),
    );
    assert.equal(errorText(silent).split('\n').length, 3);
    assert.equal(errorText(refused, { columns: 60 }), errorText(refused));
  });

  it('has commands in its hint that run where the program was called otherwise, and names the program as ever', () => {
    const hint = 'Is ssekit the origin? npx ssekit listen URL, ssekit --help, ssekit check-proxy demo:';
    assert.equal(
      errorText(new SseKitError('X', 1, 'no ssekit listen', { hint }), { program: 'npx ssekit' }),
      'ssekit: no ssekit listen\n  Is ssekit the origin? npx ssekit listen URL, npx ssekit --help, npx ssekit check-proxy demo:\n',
    );
    assert.match(
      errorText(silent, { program: 'npx ssekit', columns: 50 }),
      /\n {2}npx ssekit check-proxy 'http:/,
    );
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
