import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { locationHere, upstreamUrl } from '../../../src/mock/upstream/target.ts';

describe('the URL at the upstream', () => {
  const cases: [upstream: string, target: string, url: string][] = [
    ['http://up:3000', '/events?a=1', 'http://up:3000/events?a=1'],
    ['http://up:3000/', '/', 'http://up:3000/'],
    ['http://up/base', '/events', 'http://up/base/events'],
    ['http://up/base/', '/events/', 'http://up/base/events/'],
    ['http://up/events', '/', 'http://up/events'],
    ['http://up/events', '/?a=1', 'http://up/events?a=1'],
    ['http://up/?key=1', '/x?a=1&a=2', 'http://up/x?key=1&a=1&a=2'],
    ['http://up', '/x?fault=reset@3&a=1&split-gap=5ms&seed=7', 'http://up/x?a=1&seed=7'],
    ['http://up', '/x?fault=eof', 'http://up/x'],
    ['http://up', '/a%2Fb?c=%20d+e', 'http://up/a%2Fb?c=%20d+e'],
    ['http://up', '/x?a=b?c', 'http://up/x?a=b?c'],
    ['http://up/base', '/../../other', 'http://up/base/other'],
    ['http://up/base', '//other.example/x', 'http://up/base//other.example/x'],
    ['http://up', 'http://somewhere.example/x?a=1', 'http://up/x?a=1'],
    ['http://up', '*', 'http://up/'],
    ['https://user:pass@up/', '/x', 'https://up/x'],
  ];
  for (const [upstream, target, url] of cases) {
    test(`of ${target} below ${upstream} is ${url}`, () => {
      assert.equal(upstreamUrl(new URL(upstream), target).href, url);
    });
  }
});

test("every parameter is the upstream's where queries change nothing here", () => {
  const url = upstreamUrl(new URL('http://up'), '/x?fault=reset@3&a=1', 'all');
  assert.equal(url.href, 'http://up/x?fault=reset@3&a=1');
});

describe('a redirect of the upstream', () => {
  const upstream = new URL('http://up:3000/base');
  const cases: [location: string, here: string][] = [
    ['http://up:3000/base/events/?a=1#b', '/events/?a=1#b'],
    ['http://up:3000/base', '/'],
    ['http://up:3000/elsewhere', 'http://up:3000/elsewhere'],
    ['http://up:3000/baseline', 'http://up:3000/baseline'],
    ['https://up:3000/base/x', 'https://up:3000/base/x'],
    ['http://other/base/x', 'http://other/base/x'],
    ['/base/x', '/base/x'],
    ['x', 'x'],
  ];
  for (const [location, here] of cases) {
    test(`to ${location} leads to ${here}`, () => assert.equal(locationHere(upstream, location), here));
  }
});
