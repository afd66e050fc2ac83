import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { request } from '../../../../src/checks/passive/probes/request.ts';
import { unsaid, verdict } from '../judging.ts';
import { every, seen, stream, way } from '../streams.ts';

describe('request', () => {
  const ids = (...values: string[]) => stream({ eventsMs: every(100, values.length), ids: values });
  const first = ids('1', '2', '3', '4', '5');
  const from = (again: ReturnType<typeof stream>) => way(first, { again, resumedFrom: '3' });

  test('tells by the direct way whether Last-Event-ID is lost', () => {
    const [resumed, over, live] = [from(ids('4', '5')), from(ids('1', '2')), from(ids('9'))];
    assert.equal(verdict(request, seen(resumed)), 'pass');
    assert.equal(verdict(request, seen(over, resumed)), 'fail request.header-lost');
    assert.equal(verdict(request, seen(live, resumed)), 'fail request.header-lost');
    assert.equal(verdict(request, seen(from(ids()), resumed)), 'fail request.header-lost');
    unsaid(request, seen(over), /starts over.*needs --direct URL/);
    unsaid(request, seen(over, over), /does not resume/);
  });

  test('says how many events with ids came, where they are too few', () => {
    const [none, one] = [way(ids()), way(ids('1'), { resumedFrom: '1' })];
    unsaid(request, seen(none), /^no event with an id came: needs the origin.*, or --silences 65s/);
    unsaid(request, seen(one), /^only one event with an id came, and it takes two/);
    unsaid(request, seen(one, from(ids('4', '5'))), /^only one event .*; directly there are more$/);
    unsaid(request, seen(none, from(ids('4', '5'))), /^no event with an id came; directly there are more$/);
    // Nobody sees more of what is always cut as soon.
    const cut = stream({ eventsMs: [1], ids: ['1'], endMs: 8_000, how: 'reset' });
    unsaid(request, seen(way(cut, { resumedFrom: '1' })), /needs the origin: --origin HOST:PORT$/);
  });
});
