import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plainPalette } from '../../src/report/palette.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import { aSummary, noGaps } from './samples.ts';

const text = (changes: Parameters<typeof aSummary>[0], columns?: number) =>
  summaryText(aSummary(changes), plainPalette, columns).split('\n').slice(0, -1);

const outage = {
  t: 4000,
  reason: 'reset',
  attempts: 2,
  backoff: 3000,
  failedAttempts: 12,
  reconnectHeaders: 40,
  reconnectTime: 3052,
  outage: 3060,
  silenceBeforeEnd: 1000,
  resumedFrom: '15',
  repeated: 2,
  lost: 0,
};

describe('the summary', () => {
  it('is two lines when there is no more to say', () => {
    assert.deepEqual(text({}), ['  events    12 in 3.2 s · 3.75/s', '  bytes     900 B']);
  });

  it('tells what was filtered, commented and compressed', () => {
    assert.deepEqual(text({ shown: 10, comments: 1, wireBytes: 300, timing: { firstEvent: 52.1 } }), [
      '  events    12 in 3.2 s · 3.75/s · 10 shown · 1 comment · first after 52 ms',
      '  bytes     900 B · 300 B on the wire',
    ]);
  });

  it('shows quantiles that the samples support, and what others need', () => {
    const gaps = noGaps({ count: 11, p50: 600, max: 1100, censored: { count: 1, longest: 30_000 } });
    assert.equal(
      text({ gaps })[2],
      '  gaps      p50 600 ms · p99 – (needs 300, has 11) · max 1.1 s · 1 cut short, at least 30 s',
    );
    const cut = noGaps({ count: 400, p50: 12, p99: 900, p99AtLeast: true, max: 900 });
    assert.equal(text({ gaps: cut })[2], '  gaps      p50 12 ms · p99 ≥ 900 ms · max 900 ms');
    const heldUp = noGaps({ count: 1, max: 3, leftOut: 2 });
    assert.match(
      text({ gaps: heldUp, silence: noGaps({ leftOut: 1 }) })
        .slice(2)
        .join('\n'),
      /^ {2}gaps .* · max 3 ms · 2 not counted: the reading was held up here\n {2}silence {3}1 not counted: the/,
    );
  });

  it('gives an outage with its parts and what the resume brought', () => {
    assert.deepEqual(text({ outages: [outage] }).slice(2), [
      '  outage    at 4 s: reset after 1 s of silence',
      '            back in 3.05 s in 2 attempts; first event after 3.06 s',
      '              = wait 3 s + failed attempts 12 ms + headers 40 ms',
      '            resumed from 15: none lost, 2 repeated',
    ]);
  });

  it('says when nothing answered again, and counts outages beyond a screenful', () => {
    const { reconnectTime, reconnectHeaders, outage: duration, resumedFrom, ...lost } = outage;
    assert.deepEqual(text({ outages: [lost] }).slice(3), ['            not back in 2 attempts']);
    const many = text({ outages: Array.from({ length: 50 }, () => outage) });
    assert.equal(many.at(-1), '            and 42 further outages');
  });

  it('says where a browser would have stopped', () => {
    assert.equal(
      text({ browserWouldStop: [503, 503, 429] })[2],
      '  note      a browser would have stopped here: EventSource does not retry 503 (2×), 429',
    );
  });

  it('folds to a narrow terminal', () => {
    for (const line of text({ outages: [outage], browserWouldStop: [503] }, 40))
      assert.ok(line.length <= 40, line);
  });
});
