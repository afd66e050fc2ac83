import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readResult } from '../../src/bench/saved-result.ts';
import { SseKitError } from '../../src/client/errors.ts';
import type { MetricFigures } from '../../src/results/bench/result.ts';
import { aTroubledResult } from '../report/bench/results.ts';

const read = (text: string) => readResult(Buffer.from(text), 'run.json');

function refusal(text: string): SseKitError {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof SseKitError);
    assert.equal(error.exitCode, 2);
    return error;
  }
  throw new assert.AssertionError({ message: 'it was read' });
}

const saved = JSON.stringify(aTroubledResult(), null, 2);

describe('a saved result', () => {
  it('is read as it was written', () => {
    assert.deepEqual(read(saved), JSON.parse(saved));
  });

  it('that is cut off anywhere is refused as such', () => {
    for (const length of [2, 30, 700, Math.floor(saved.length / 2), saved.length - 3]) {
      assert.match(refusal(saved.slice(0, length)).message, /^run\.json: it is (cut off|not JSON): /);
    }
    assert.match(refusal(saved.slice(0, 3000)).message, /^run\.json: it is cut off: /);
  });

  it('with a damaged distribution is refused, naming the metric', () => {
    const { metrics, ...result } = aTroubledResult();
    const gaps = metrics.event_gap as MetricFigures;
    const damages: [Partial<MetricFigures>, RegExp][] = [
      [{ hdr: 'HISTFAAA' }, /^run\.json: "metrics\.event_gap\.hdr" is damaged: it can't be decoded$/],
      [{ hdr: gaps.hdr.slice(0, -8) }, /can't be decoded/],
      [{ hdr: '' }, /can't be decoded/],
      [
        { count: gaps.count + 1 },
        new RegExp(`it holds ${gaps.count} values, and "count" is ${gaps.count + 1}$`),
      ],
    ];
    for (const [damage, message] of damages) {
      const damaged = { ...result, metrics: { ...metrics, event_gap: { ...gaps, ...damage } } };
      assert.match(refusal(JSON.stringify(damaged)).message, message);
    }
    const lifetime = { reset: { ...gaps, hdr: 'AAAA' } };
    const text = JSON.stringify({ ...result, metrics: { ...metrics, lifetime } });
    assert.match(refusal(text).message, /"metrics\.lifetime\.reset\.hdr" is damaged/);
  });

  for (const [what, text, message] of [
    ['nothing', '', 'run.json: it is empty'],
    ['what is no JSON', 'from_ms,to_ms', 'run.json: it is not JSON: '],
    ['a value', '[1]', 'run.json: it is JSON, but not a result: [1]'],
    ['other JSON', '{"name":"x"}', 'run.json: it is not a result of bench: it has no "kind"'],
    [
      'a result of another kind',
      '{"kind":"check-proxy"}',
      'run.json: it is not a result of bench: it has the "kind" "check-proxy"',
    ],
    [
      'a later form',
      '{"kind":"bench","schema":2}',
      'run.json: it is a result of form 2 ("schema"), and only 1 is known',
    ],
    ['the timeline', '{"type":"start","v":1}\n{"type":"window"}\n', 'run.json: it is the timeline of a run'],
    [
      'a result without its parts',
      '{"kind":"bench","schema":1}',
      "run.json: the result must have required property 'tool'",
    ],
    [
      'a figure that is none',
      saved.replace('"started": 990', '"started": "990"'),
      'run.json: "counts.started" must be integer',
    ],
    [
      'a word that is not known',
      saved.replace('"INVALID"', '"FINE"'),
      'run.json: "verdict.status" must be equal to one of the allowed values: ["VALID","INVALID"]',
    ],
  ] as const) {
    it(`is not ${what}`, () => {
      const error = refusal(text);
      assert.equal(error.message.slice(0, message.length), message);
      assert.notEqual(error.hint, '');
    });
  }
});
