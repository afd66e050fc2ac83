import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readYaml, type YamlSource } from '../../../src/mock/scenario/yaml-source.ts';

const read = (text: string): YamlSource => {
  const source = readYaml(text);
  if (Array.isArray(source)) return assert.fail(JSON.stringify(source));
  return source;
};
const problems = (text: string): string[] => {
  const source = readYaml(text);
  assert.ok(Array.isArray(source), 'it was taken');
  return source.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

describe('a YAML file', () => {
  test('gives settings as the text that was written', () => {
    const { value } = read(
      'id: 007\nversion: 1.10\nheartbeat: off\nhold: true\nquoted: "a\\nb"\nempty:\nblank: ""',
    );
    assert.deepEqual(value, {
      id: '007',
      version: '1.10',
      heartbeat: 'off',
      hold: 'true',
      quoted: 'a\nb',
      empty: null,
      blank: '',
    });
  });

  test('gives data that is more than a text as JSON has it', () => {
    const text =
      'data: {a: 1, b: 1.50, c: true, d: null, e: [x, "1"], f: 007, g: 12345678901234567890, h: 0x1f}';
    assert.deepEqual((read(text).value as { data: unknown }).data, {
      a: 1,
      b: 1.5,
      c: true,
      d: null,
      e: ['x', '1'],
      f: '007',
      g: '12345678901234567890',
      h: '0x1f',
    });
    assert.deepEqual(read('data: 1.10\nbody: 5').value, { data: '1.10', body: '5' });
  });

  test('takes keys of any name for keys', () => {
    const { value } = read('data: {__proto__: {a: 1}, constructor: 2}');
    const { data } = value as { data: Record<string, unknown> };
    assert.deepEqual(Object.keys(data), ['__proto__', 'constructor']);
    assert.equal(Object.getPrototypeOf(data), Object.prototype);
  });

  test('knows where everything is', () => {
    const source = read(
      '# top\nroutes:\n  - path: /a\n    stream:\n      - one\n      - data: {x: "{{nope}}"}\n',
    );
    assert.deepEqual(source.place(['routes', 0, 'path'], 'value'), { line: 3, column: 11 });
    assert.deepEqual(source.place(['routes', 0, 'path'], 'key'), { line: 3, column: 5 });
    assert.deepEqual(source.place(['routes', 0, 'stream', 1, 'data', 'x'], 'value', '{{nope}}'), {
      line: 6,
      column: 20,
    });
    assert.deepEqual(
      source.place(['routes', 0, 'method'], 'key'),
      { line: 3, column: 5 },
      'where it is missing',
    );
    assert.deepEqual(source.place([], 'value'), { line: 2, column: 1 });
  });

  test('shares values by aliases, and keys by <<, with the own ones first', () => {
    const { value } = read('a: &a {x: 1, y: 2}\nb: *a\nc:\n  <<: *a\n  y: 3\nd: {<<: [*a, {z: 4}]}');
    assert.deepEqual(value, {
      a: { x: '1', y: '2' },
      b: { x: '1', y: '2' },
      c: { y: '3', x: '1' },
      d: { x: '1', y: '2', z: '4' },
    });
  });

  test('takes the last value of a name before the alias', () => {
    assert.deepEqual(read('[&a 1, *a, &a 2, *a]').value, ['1', '1', '2', '2']);
  });

  test('that is empty is nothing', () => {
    assert.equal(read('').value, null);
    assert.equal(read('# nothing\n').value, null);
  });
});

describe('a file that is not as it should be', () => {
  const cases: [name: string, text: string, problem: RegExp][] = [
    ['a quote that is never closed', 'a: 1\nb: "x', /^2:\d+ not valid YAML: Missing closing "quote/],
    [
      'a colon in a text',
      'a:\n  - price: is: 5',
      /^2:12 not valid YAML: Nested mappings .* written in quotes/,
    ],
    [
      'a placeholder without quotes',
      'a: {{n}}',
      /^1:5 a key must be text\. Text that begins with \{\{ is written in quotes/,
    ],
    [
      'a placeholder without quotes in front of text',
      '- {{n}} ticks',
      /^1:9 .*is written in quotes: "\{\{n\}\}"/,
    ],
    [
      'a placeholder without quotes in a list',
      '- [a{{n}}]',
      /^1:5 .*Inside \[ \] and \{ \}, text with \{\{ is written in quotes/,
    ],
    ['a tab', 'a:\n\tb: 1', /^2:1 not valid YAML: Tabs are not allowed as indentation/],
    ['a key that is there twice', 'a: 1\nb: 2\na: 3', /^3:1 the key "a" is there twice/],
    ['a tag that nobody knows', 'a: !secret x', /^1:4 not valid YAML: Unresolved tag: !secret/],
    ['two documents', 'a: 1\n---\nb: 2', /^2:1 .*multiple documents/],
    ['an alias of nothing', 'a: *b', /^1:4 no value above is named &b/],
    [
      'an alias of what it is part of',
      'a: &a [1, *a]',
      /^1:11 this alias stands for the value that it is part of/,
    ],
    ['<< of something that is no mapping', 'a: {<<: 5}', /^1:9 << takes over the keys of a mapping/],
    ['a list as a key', '? [a]\n: b', /^1:3 a key must be text/],
  ];
  for (const [name, text, problem] of cases) {
    test(`is refused with its place: ${name}`, () => assert.match(problems(text)[0] ?? '', problem));
  }

  test('is told of all its problems', () => {
    assert.equal(problems('a: 1\na: 2\nb: *c\nd: {{n}}').length, 3);
  });
});

describe('a file that is meant to exhaust', () => {
  test('is refused for nesting, however deep', () => {
    for (const open of ['[', '{a: ', '- ', '? ']) {
      assert.match(problems(open.repeat(60_000))[0] ?? '', /nested deeper than 48 levels/, open);
    }
    const stairs = Array.from({ length: 200 }, (_, index) => `${' '.repeat(index)}a:`).join('\n');
    assert.match(problems(stairs)[0] ?? '', /nested deeper/);
  });

  test('is refused for nesting by aliases', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `- &a${index} [*a${index - 1}]`);
    assert.match(problems(`- &a-1 x\n${lines.join('\n')}`)[0] ?? '', /nested deeper/);
  });

  test('is refused for aliases that multiply', () => {
    const row = (of: string) => `[${Array(10).fill(of).join(', ')}]`;
    const lines = Array.from(
      { length: 12 },
      (_, index) => `- &a${index} ${row(index === 0 ? 'x' : `*a${index - 1}`)}`,
    );
    assert.deepEqual(problems(lines.join('\n')).length, 1);
    assert.match(problems(lines.join('\n'))[0] ?? '', /more than 50000 values/);
  });

  test('is read in time that grows with its size', () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => `k${index}: 1`).join('\n');
    assert.equal(Object.keys(read(keys).value as object).length, 10_000);
    const aliases = `- &a x\n${'- *a\n'.repeat(10_000)}`;
    assert.equal((read(aliases).value as unknown[]).length, 10_001);
  });
});
