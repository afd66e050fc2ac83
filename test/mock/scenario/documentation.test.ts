import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { PAYLOADS } from '../../../src/mock/payloads/registry.ts';
import { compileTemplate } from '../../../src/mock/templates/template.ts';
import { problems, site } from './served.ts';

const page = readFileSync(new URL('../../../docs/scenarios.md', import.meta.url), 'utf8');

/** The keys that the parser says it knows, when it is given one that it doesn't. */
function keysOf(text: string): string[] {
  const [, list = ''] = /(?:The steps are|has) (.*)$/.exec(problems(text)[0] ?? '') ?? [];
  return list.split(', ');
}

describe('the page on scenarios', () => {
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);

  test('shows only scenarios that can be served', () => {
    assert.ok(blocks.length >= 8);
    for (const block of blocks) assert.ok(site(block).routes.length > 0);
  });

  const places: [what: string, text: string][] = [
    ['a file', 'xxxxxxxx: 1\nroutes: [{path: /a, status: 204}]'],
    ['the defaults', 'defaults: {xxxxxxxx: 1}\nroutes: [{path: /a, status: 204}]'],
    ['a route', 'routes: [{path: /a, status: 204, xxxxxxxx: 1}]'],
    ['a stream', 'routes: [{path: /a, stream: {xxxxxxxx: 1}}]'],
    ['a step', 'routes: [{path: /a, stream: [{xxxxxxxx: 1}]}]'],
    ['an event', 'routes: [{path: /a, stream: [{event: a, xxxxxxxx: 1}]}]'],
    ['a repeat', 'routes: [{path: /a, stream: [{repeat: 2, steps: [a], xxxxxxxx: 1}]}]'],
    ['a generate step', 'routes: [{path: /a, stream: [{generate: progress, xxxxxxxx: 1}]}]'],
  ];
  for (const [what, text] of places) {
    test(`tells every key of ${what}`, () => {
      const keys = keysOf(text);
      assert.ok(keys.length >= 2, keys.join());
      assert.deepEqual(
        keys.filter((key) => !page.includes(`\`${key}\``)),
        [],
      );
    });
  }

  test('tells every payload, and placeholders that exist', () => {
    for (const name of Object.keys(PAYLOADS)) assert.ok(page.includes(`\`${name}\``), name);
    const rows = page.split('## Templates')[1]?.split('What is absent')[0] ?? '';
    const placeholders = [...rows.matchAll(/`(\{\{.*?\}\})`/g)].map(([, text = '']) => text);
    assert.ok(placeholders.length > 12);
    for (const text of placeholders) compileTemplate(text, { params: ['id'] });
  });
});
