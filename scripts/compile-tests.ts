import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

export interface Compiled {
  /** Holds all of it; to be removed after the run. */
  folder: string;
  /** Where the program of each entry lies, in their order. */
  programs: string[];
}

const ROOT = process.cwd();

/**
 * Makes a program of each file, with all of the repository's own modules in it: a process that has to find,
 * strip and link a hundred TypeScript files takes 0.2 s of a core for it, and there is one a test file.
 *
 * The programs lie outside of the repository, in a folder of their own for each run: several may go on at once.
 *
 * @throws the messages of esbuild where a file can't be read as TypeScript, or what it imports isn't there
 */
export async function compile(entries: readonly string[]): Promise<Compiled> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'ssekit-tests-'));
  // Packages stay what they are, and are found from here as from the repository.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  await build({
    entryPoints: [...entries],
    outdir: folder,
    outbase: ROOT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Stack traces name the lines as they were written.
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [placesOfModules, seededProperties],
    logLevel: 'error',
  });
  const programs = entries.map((entry) =>
    join(folder, relative(ROOT, resolve(entry)).replace(/\.ts$/, '.mjs')),
  );
  return { folder, programs };
}

/**
 * The same for programs that this process starts, by way of tsx half a second of a core each: all of it is removed when
 * this process ends.
 */
export async function compileOwn(entries: readonly string[]): Promise<string[]> {
  const { folder, programs } = await compile(entries);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return programs;
}

/**
 * Lets a module know the place that it comes from, and not that of the program it became a part of: a test its
 * source, a module of src what the build made of it, where its page and its processes lie.
 */
const placesOfModules: Plugin = {
  name: 'places-of-modules',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      if (!source.includes('import.meta.')) return undefined;
      const contents = source
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(placeOf(path)).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(placeOf(path))));
      return { contents, loader: 'ts' };
    });
  },
};

/** Puts `seeded-fast-check.ts` in the place of fast-check, but for itself. */
const seededProperties: Plugin = {
  name: 'seeded-properties',
  setup({ onResolve }) {
    const seeded = join(ROOT, 'scripts/seeded-fast-check.ts');
    onResolve({ filter: /^fast-check$/ }, ({ importer }) =>
      importer === seeded ? { path: 'fast-check', external: true } : { path: seeded },
    );
  },
};

function placeOf(path: string): string {
  const [top, ...rest] = relative(ROOT, path).split(sep);
  return top === 'src' ? join(ROOT, 'dist', ...rest).replace(/\.ts$/, '.js') : path;
}
