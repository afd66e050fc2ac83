import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lifetime } from '../../../../src/checks/passive/probes/lifetime.ts';
import { unsaid, verdict } from '../judging.ts';
import { every, seen, stream, way } from '../streams.ts';

describe('lifetime', () => {
  const busy = (endMs: number, how: 'eof' | 'reset' | 'client') =>
    stream({ eventsMs: every(100, endMs / 100 - 1), endMs, how });

  test('finds an age at which streams are cut though events flow', () => {
    assert.equal(
      verdict(lifetime, seen(way(busy(15_000, 'reset')), way(busy(20_000, 'client')))),
      'fail lifetime.cut',
    );
    assert.equal(
      verdict(lifetime, seen(way(busy(15_000, 'eof')), way(busy(20_000, 'client')))),
      'fail lifetime.cut',
    );
    assert.equal(verdict(lifetime, seen(way(busy(15_000, 'reset')))), 'fail lifetime.cut');
    const once = { br: busy(20_000, 'client') };
    assert.equal(verdict(lifetime, seen(way(busy(15_000, 'reset'), once))), 'warn lifetime.cut');
    assert.equal(verdict(lifetime, seen(way(busy(15_000, 'reset')), way(busy(15_000, 'reset')))), 'pass');
  });

  test('lets a stream end', () => {
    unsaid(lifetime, seen(way(busy(15_000, 'eof'))), /--long/);
    unsaid(
      lifetime,
      seen(way(busy(15_000, 'eof')), way(busy(15_000, 'eof'))),
      /needs the origin|lives longer/,
    );
    unsaid(lifetime, seen(way(busy(20_000, 'client'))), /no stream was cut in the 20\.0 s/);
  });
});
