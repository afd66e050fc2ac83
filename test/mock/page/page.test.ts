import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { FAULT_KINDS } from '../../../src/mock/faults/kinds.ts';
import { pageAnswer } from '../../../src/mock/page/page.ts';
import { PRESETS } from '../../../src/mock/presets/registry.ts';

const MAX_BYTES = 120 * 1024;

const { status, headers = {}, body } = await pageAnswer();
const html = String(body);

/** The values of a directive of the policy. */
function directive(name: string): string[] {
  const policy = headers['content-security-policy'] ?? '';
  const found = policy.split('; ').find((each) => each.split(' ')[0] === name);
  return found?.split(' ').slice(1) ?? [];
}

function texts(pattern: RegExp): string[] {
  return [...html.matchAll(pattern)].map(([, text = '']) => text);
}

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the page', () => {
  test('is HTML of its own, not to be stored, and told apart from a stream at the same URL', () => {
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers.vary, 'Accept');
    assert.match(html, /^<!doctype html>/);
  });

  test('is put together once', async () => {
    assert.equal(await pageAnswer(), await pageAnswer());
  });

  test('has nothing left to be filled in, and one style and one script', () => {
    assert.deepEqual(html.match(/<!-- (?:licence|style|offer|script) -->/g), null);
    assert.equal(texts(/<style>(.*?)<\/style>/gs).length, 1);
    assert.equal(texts(/<script>(.*?)<\/script>/gs).length, 1);
  });

  test(`stays below ${MAX_BYTES} bytes`, () => {
    assert.ok(Buffer.byteLength(html) < MAX_BYTES, `${Buffer.byteLength(html)} bytes`);
  });

  test('names no address to load anything from', () => {
    const loaded = texts(/(?:src|href|action|srcset|poster)\s*=\s*"([^"]*)"/g);
    assert.deepEqual(
      loaded.filter((address) => !address.startsWith('data:')),
      [],
    );
    const style = texts(/<style>(.*?)<\/style>/gs).join('');
    assert.doesNotMatch(style, /url\(|@import/);
    // Names, neither of which is ever asked for: the icon's XML namespace, and a base to take paths apart with.
    const addresses = new Set(html.match(/\b(?:https?|wss?):\/\/[^\s'"`)]+/g));
    assert.deepEqual([...addresses].sort(), ['http://stream', 'http://www.w3.org/2000/svg']);
  });

  test('runs its own script and style only, reaches its own server only, and is in no frame', () => {
    assert.deepEqual(directive('default-src'), ["'none'"]);
    assert.deepEqual(directive('script-src'), texts(/<script>(.*?)<\/script>/gs).map(sha256));
    assert.deepEqual(directive('style-src'), texts(/<style>(.*?)<\/style>/gs).map(sha256));
    assert.deepEqual(directive('connect-src'), ["'self'"]);
    assert.deepEqual(directive('frame-ancestors'), ["'none'"]);
    assert.deepEqual(directive('require-trusted-types-for'), ["'script'"]);
    assert.doesNotMatch(html, /<[^>]+\s(?:style|on\w+)\s*=/i, 'style or script in an attribute');
  });

  test('has the licence of the plot in it', () => {
    assert.match(html, /Permission is hereby granted, free of charge/);
    assert.match(html, /Leon Sorokin/);
  });

  test('offers every preset and every kind of fault of the server, in data that ends no element', () => {
    const [json = ''] = texts(/<script type="application\/json" id="offer">(.*?)<\/script>/gs);
    const offer = JSON.parse(json);
    assert.deepEqual(
      offer.presets.map(({ name }: { name: string }) => name),
      PRESETS.map(({ name }) => name),
    );
    assert.deepEqual(
      offer.faults.map(({ name, meaning }: { name: string; meaning: string }) => [name, meaning]),
      FAULT_KINDS.map(({ name, meaning }) => [name, meaning]),
    );
    assert.doesNotMatch(json, /</);
  });
});
