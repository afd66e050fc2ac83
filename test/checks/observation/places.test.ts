import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { askedAndKept, mostAtOnce, placesOf } from '../../../src/checks/observation/places.ts';

describe('how many streams have a place', () => {
  test('is told by the origin where events are held back', () => {
    assert.equal(placesOf({ streams: 50, served: 0, asked: 50 }), 50);
    assert.equal(placesOf({ streams: 50, served: 31, asked: 50 }), 50);
  });

  test('is told by those that are served where they share what the origin was asked for', () => {
    assert.equal(placesOf({ streams: 50, served: 50, asked: 1 }), 50);
  });

  test('is no more than were wanted', () => {
    assert.equal(placesOf({ streams: 12, served: 10, asked: 14 }), 12);
  });
});

describe('how many that the origin answers have a place', () => {
  const kept = (asked: number, visits: number, refused: number) =>
    askedAndKept({ streams: 50, asked, visits, refused });

  test('are all of them where none ended at the client without an event', () => {
    assert.equal(kept(50, 50, 0), 50);
    assert.equal(kept(20, 20, 0), 20);
  });

  test('are all of them where only those were refused that never reached it', () => {
    assert.equal(kept(20, 20, 30), 20);
  });

  test('is none where all ended so, though all had reached it', () => {
    assert.equal(kept(50, 50, 50), 0);
    assert.equal(kept(50, 100, 50), 0);
    assert.equal(kept(50, 50, 10), 40);
  });
});

describe('how much lasted at the same moment', () => {
  test('counts what goes on to the end', () => {
    assert.equal(mostAtOnce([{ from: 1 }, { from: 5 }, { from: 3 }]), 3);
    assert.equal(mostAtOnce([]), 0);
  });

  test('counts nobody beside one whose place it has', () => {
    assert.equal(mostAtOnce([{ from: 1, to: 4 }, { from: 4, to: 6 }, { from: 6 }]), 1);
    assert.equal(mostAtOnce([{ from: 4, to: 6 }, { from: 1, to: 5 }, { from: 5 }]), 2);
  });
});
