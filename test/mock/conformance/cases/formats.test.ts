import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConformanceCase } from '../../../../src/mock/conformance/case.ts';
import * as dispatch from '../../../../src/mock/conformance/cases/dispatch.ts';
import * as encoding from '../../../../src/mock/conformance/cases/encoding.ts';
import * as fields from '../../../../src/mock/conformance/cases/fields.ts';
import * as lineEnds from '../../../../src/mock/conformance/cases/line-ends.ts';
import { CASES } from '../../../../src/mock/conformance/cases.ts';
import type { ReportedEvent } from '../../../../src/mock/conformance/observed.ts';
import { decodeByTheLetter } from '../../../sse/reference-decoder.ts';
import { handed, judge, observe, outcome } from '../observations.ts';

const formats: readonly ConformanceCase[] = [
  ...Object.values(lineEnds),
  ...Object.values(encoding),
  ...Object.values(fields),
  dispatch.eventType,
  dispatch.eventTypeReset,
  dispatch.eventTypeLast,
  dispatch.noData,
  dispatch.big,
];

describe('a case of the format', () => {
  for (const conformanceCase of formats) {
    const { id } = conformanceCase;

    test(`${id} passes what a decoder by the letter of the standard hands over`, () => {
      const { events } = decode(conformanceCase, 'reports');
      const verdict = judge(conformanceCase, id, observe([{}], { events, closed: true }));
      assert.equal(verdict?.outcome, 'pass', verdict?.evidence);
    });

    test(`${id} fails one event less, one more, and another text`, () => {
      const { events } = decode(conformanceCase, 'reports');
      const judged = (wrong: readonly ReportedEvent[]) =>
        outcome(conformanceCase, id, observe([{}], { events: wrong, closed: true }));
      assert.equal(judged(events.slice(0, -1)), 'fail');
      assert.equal(judged([...events, ...handed('')]), 'fail');
      assert.equal(judged(events.map((event) => ({ ...event, data: `${event.data} ` }))), 'fail');
      assert.equal(judged(events.map((event) => ({ ...event, event: `${event.event}s` }))), 'fail');
    });

    test(`${id} is undecided while events may be on their way`, () => {
      const { events } = decode(conformanceCase, 'reports');
      const early = observe([{}], { events: events.slice(0, -1) });
      assert.equal(outcome(conformanceCase, id, early), 'undecided');
      assert.equal(outcome(conformanceCase, id, { ...early, over: true }), 'fail');
      assert.equal(outcome(conformanceCase, id, observe([], { events: [], over: true })), 'not-measured');
    });

    test(`${id} says without reports whether its id came back, or that it can't tell`, () => {
      const { lastEventId } = decode(conformanceCase, 'wire');
      if (conformanceCase.needsReports === true) {
        assert.equal(outcome(conformanceCase, id, observe([{}, { id: lastEventId }])), 'not-measured');
        return;
      }
      assert.notEqual(lastEventId, '');
      assert.equal(outcome(conformanceCase, id, observe([{}])), 'undecided');
      assert.equal(outcome(conformanceCase, id, observe([{}, { id: lastEventId }])), 'pass');
      assert.equal(outcome(conformanceCase, id, observe([{}, { id: 'of another case' }])), 'fail');
      assert.equal(outcome(conformanceCase, id, observe([{}, {}])), 'fail');
      assert.equal(outcome(conformanceCase, id, observe([{}], { over: true })), 'fail');
    });
  }

  test('sends no id twice in the suite, so that one which is kept proves nothing for another', () => {
    const ids = formats
      .filter(({ needsReports }) => needsReports !== true)
      .map((each) => decode(each, 'wire').lastEventId);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.length > 10);
  });
});

describe('what clients commonly get wrong', () => {
  const mistakes: [ConformanceCase, ReportedEvent[], RegExp][] = [
    [lineEnds.crlf, handed('one\r\ntwo\r'), /event 1 had data "one\\r\\ntwo\\r", not "one\\ntwo"/],
    [lineEnds.cr, handed(), /2 events sent, none handed over/],
    [lineEnds.crlfSplit, handed('one', 'two', 'three'), /event 1 had data "one", not "one\\ntwo"/],
    [encoding.bom, handed('three'), /event 1 had data "three", not "one"/],
    [encoding.utf8Split, handed('gr\ufffd\ufffd'), /had data "gr/],
    [fields.comments, handed('one\ntwo', '', 'three'), /event 2 had data "", not "three"/],
    [fields.multiLine, handed('three'), /the event had data "three", not "one\\ntwo\\nthree"/],
    [fields.emptyData, handed('a\n'), /event 1 had data "a\\n", not ""/],
    [fields.spaces, handed('one', 'two', 'three'), /event 3 had data "three", not " three"/],
    [fields.colons, handed('a'), /event 1 had data "a", not "a:b: c"/],
    [
      dispatch.eventTypeReset,
      [
        { event: 'update', data: 'one' },
        { event: 'update', data: 'two' },
      ],
      /event 2 was of type "update", not "message"/,
    ],
    [dispatch.noData, [{ event: 'ghost', data: '' }], /the event had data "", not "one"/],
    [
      dispatch.big,
      handed('big event: '),
      /the event had data "big event: ", not "big event: big event: big event: big eve"… \(1,048,576 characters\)/,
    ],
  ];

  for (const [conformanceCase, events, evidence] of mistakes) {
    test(`fails ${conformanceCase.id}, with the difference as evidence`, () => {
      const verdict = judge(conformanceCase, conformanceCase.id, observe([{}], { events, closed: true }));
      assert.equal(verdict?.outcome, 'fail');
      assert.match(verdict?.evidence ?? '', evidence);
    });
  }
});

describe('an event that the stream ended in', () => {
  const judged = (events: readonly ReportedEvent[], requests: number, more = {}) =>
    outcome(
      dispatch.unfinished,
      'unfinished-event',
      observe(
        Array.from({ length: requests }, () => ({ id: 'whole' })),
        { events, ...more },
      ),
    );

  test('is no event', () => {
    assert.equal(judged(handed('whole', 'whole'), 3, { closed: true }), 'pass');
    assert.equal(judged(handed('whole', 'half'), 1), 'fail');
    assert.equal(judged(handed('whole', 'whole', 'halfend of this case'), 3, { closed: true }), 'fail');
  });

  test('is looked for once by who does not come back, twice by who does', () => {
    assert.equal(judged(handed('whole'), 1), 'undecided');
    assert.equal(judged(handed('whole'), 1, { over: true }), 'pass');
    assert.equal(judged(handed('whole'), 2), 'undecided');
    assert.equal(judged(handed('whole'), 2, { over: true }), 'fail');
  });

  test('has an id that nobody resumes by', () => {
    const id = (sent: string) => outcome(dispatch.unfinished, 'unfinished-id', observe([{}, { id: sent }]));
    assert.equal(id('whole'), 'pass');
    assert.equal(id('half'), 'fail');
    const gone = observe([{}], { over: true, usualWaitMs: undefined });
    assert.equal(outcome(dispatch.unfinished, 'unfinished-id', gone), 'not-measured');
  });
});

describe('the suite', () => {
  test('has an id of its own for every case and every requirement', () => {
    const requirements = CASES.flatMap((each) => each.requirements);
    assert.equal(new Set(CASES.map(({ id }) => id)).size, CASES.length);
    assert.equal(new Set(requirements.map(({ id }) => id)).size, requirements.length);
  });

  test('says what must happen in so few words that they stand in a column', () => {
    for (const { text } of CASES.flatMap((each) => each.requirements)) assert.ok(text.length <= 56, text);
  });

  test('comes to a verdict on everything when nothing more is expected, whatever was seen', () => {
    for (const { id, requirements } of CASES) {
      for (const events of [undefined, handed(), handed('one')]) {
        for (const count of [0, 1, 2, 3, 7]) {
          const requests = Array.from({ length: count }, () => ({}));
          for (const usualWaitMs of [undefined, 105]) {
            const observed = observe(requests, { events, over: true, usualWaitMs });
            for (const { judge: judgeOne } of requirements) {
              assert.notEqual(judgeOne(observed), undefined, `${id} after ${count} requests`);
            }
          }
        }
      }
    }
  });
});

/** What the first stream of a case comes to, by the letter of the standard. */
function decode(conformanceCase: ConformanceCase, setting: 'reports' | 'wire') {
  const act = conformanceCase.act(1, setting);
  assert.equal(act?.kind, 'stream');
  const bytes = Buffer.concat(act.writes.map((write) => write.bytes));
  const { records, lastEventId } = decodeByTheLetter(bytes);
  const events = records.flatMap((record) =>
    record.type === 'event' ? [{ event: record.event, data: record.data }] : [],
  );
  return { events, lastEventId };
}
