import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

/**
 * Which folder of src may import which. Arrows point from what users see to what knows least, so there is no
 * cycle: a folder can be read, tested and changed with only the folders named behind it in mind.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  notation: [],
  processes: [],
  shell: [],
  sse: [],
  stats: [],
  results: ['stats'],
  client: ['sse', 'stats', 'results'],
  llm: ['sse'],
  recording: ['sse', 'stats'],
  mock: ['client', 'sse', 'stats', 'results', 'llm', 'recording', 'notation', 'processes'],
  listen: ['client', 'mock', 'sse', 'stats', 'results', 'llm', 'recording', 'notation', 'shell'],
  bench: ['client', 'mock', 'stats', 'results', 'llm', 'notation', 'shell', 'processes'],
  checks: ['client', 'mock', 'stats', 'results', 'notation', 'processes'],
  report: ['results'],
  commands: ['client', 'mock', 'listen', 'bench', 'checks', 'report', 'results', 'notation', 'processes'],
};

/** Folders that may know the shapes of another, without running any of its code. */
const MAY_IMPORT_TYPES: Record<string, readonly string[]> = {
  results: ['client', 'sse'],
  report: ['client', 'sse', 'listen', 'mock', 'bench'],
  recording: ['client'],
  bench: ['sse'],
  checks: ['sse'],
  commands: ['sse'],
};

const LONGEST_FILE = 400;

interface Import {
  file: string;
  specifier: string;
  typeOnly: boolean;
}

const root = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .sort();
const imports = files.flatMap(importsOf);

describe('the sources', () => {
  test('import only in the directions of the table', () => {
    const wrong = imports.filter((entry) => !allowed(entry));
    assert.deepEqual(wrong.map(describeImport), []);
  });

  test('name every folder in the table', () => {
    const folders = new Set(files.map(folderOf).filter((folder) => folder !== ''));
    assert.deepEqual(
      [...folders].filter((folder) => !(folder in MAY_IMPORT)),
      [],
    );
  });

  test('import undici in one module only, and of it only the parser', () => {
    const undici = imports.filter(({ specifier }) => /^undici(\/|$)/.test(specifier));
    assert.deepEqual(
      [...new Set(undici.map(({ specifier }) => specifier))],
      ['undici/lib/llhttp/llhttp-wasm.js'],
    );
    assert.equal(new Set(undici.map(({ file }) => file)).size, 1);
  });

  test('have no drawer for everything', () => {
    const drawers = files.filter((path) => /^(utils?|helpers?|common|misc)$/.test(basename(path, '.ts')));
    const folders = files.filter((path) => /(^|\/)(utils?|helpers?|common|misc)\//.test(path));
    assert.deepEqual([...drawers, ...folders], []);
  });

  test(`have no file above ${LONGEST_FILE} lines`, () => {
    const lines = (path: string) => readFileSync(join(root, path), 'utf8').split('\n').length - 1;
    assert.deepEqual(
      files.filter((path) => lines(path) > LONGEST_FILE),
      [],
    );
  });
});

describe('the reading of imports', () => {
  test('finds static, dynamic, type-only and re-exporting ones', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from './b.ts';",
      'import {\n  c,\n  type C,\n} from "./c.ts";',
      "import { type D, type E } from './d.ts';",
      "export { e } from './e.ts';",
      "export type { F } from './f.ts';",
      "import './g.ts';",
      "const h = await import('./h.ts');",
      "type I = import('./i.ts').I;",
      "// import { x } from './x.ts';",
    ].join('\n');
    const found = importsIn('file.ts', text).map(({ specifier, typeOnly }) => `${specifier} ${typeOnly}`);
    assert.deepEqual(found.sort(), [
      './a.ts false',
      './b.ts true',
      './c.ts false',
      './d.ts true',
      './e.ts false',
      './f.ts true',
      './g.ts false',
      './h.ts false',
      './i.ts true',
    ]);
  });

  test('judges a forbidden direction, and a type where only types are allowed', () => {
    const judged = (specifier: string, typeOnly: boolean) =>
      allowed({ file: 'report/text.ts', specifier, typeOnly });
    assert.equal(judged('../results/listen.ts', false), true);
    assert.equal(judged('../client/records.ts', true), true);
    assert.equal(judged('../client/records.ts', false), false);
    assert.equal(judged('../commands/listen.ts', true), false);
    assert.equal(allowed({ file: 'sse/decoder.ts', specifier: '../client/clock.ts', typeOnly: true }), false);
  });
});

function allowed({ file, specifier, typeOnly }: Import): boolean {
  const from = folderOf(file);
  // The files next to the folders (the program, the library's index) may use everything.
  if (from === '' || !specifier.startsWith('.')) return true;
  const to = folderOf(normalize(join(dirname(file), specifier)));
  if (to === from || MAY_IMPORT[from]?.includes(to)) return true;
  return typeOnly && (MAY_IMPORT_TYPES[from]?.includes(to) ?? false);
}

function importsOf(path: string): Import[] {
  return importsIn(path, readFileSync(join(root, path), 'utf8'));
}

function importsIn(file: string, text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const statements = code.matchAll(/^\s*(?:import|export)\s+(?:([^'";]*?)\s*from\s*)?['"]([^'"]+)['"]/gm);
  const found = [...statements].map(([, names = '', specifier = '']) => ({
    file,
    specifier,
    typeOnly: onlyTypes(names),
  }));
  const expressions = code.matchAll(/(typeof\s+)?\bimport\(\s*['"]([^'"]+)['"]\s*\)(\.[A-Z])?/g);
  for (const [, typeOf, specifier = '', member] of expressions) {
    // A promise has no member with a capital: what follows the dot is a type.
    found.push({ file, specifier, typeOnly: typeOf !== undefined || member !== undefined });
  }
  return found;
}

/** `import type {…}`, or braces in which every name is a type. */
function onlyTypes(names: string): boolean {
  if (/^type\b/.test(names)) return true;
  const list = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  const parts =
    list
      ?.split(',')
      .map((part) => part.trim())
      .filter(Boolean) ?? [];
  return parts.length > 0 && parts.every((part) => part.startsWith('type '));
}

function folderOf(path: string): string {
  const [first = '', ...rest] = path.split('/');
  return rest.length === 0 ? '' : first;
}

function describeImport({ file, specifier, typeOnly }: Import): string {
  return `${file} imports ${typeOnly ? 'types of ' : ''}${specifier}`;
}
