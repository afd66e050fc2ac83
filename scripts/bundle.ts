import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { mergeChunks } from './merge-chunks.ts';
import { assemblePage } from './page.ts';

/**
 * Bundles the command line: much of the time to start went into finding and reading a hundred small files. What a
 * command loads only when it needs it stays apart, in chunks. Programs that import ssekit get the modules as tsc
 * made them.
 */
const OUT = 'dist/bundle';

/** What dependencies load with their first line for features that are never used here. */
const NEVER_USED = [
  // Subcommands that are programs of their own.
  { importer: /commander/, path: 'node:child_process' },
];

const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, importer }) =>
      NEVER_USED.some((each) => each.path === path && each.importer.test(importer))
        ? { path, namespace: 'left-out' }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** A package's module that exports bytes: bundled as a module, each of its bytes would become a property. */
const bytesAsBytes: Plugin = {
  name: 'bytes-as-bytes',
  setup({ onLoad }) {
    const load = createRequire(import.meta.url);
    onLoad({ filter: /llhttp-wasm\.js$/ }, ({ path }) => ({ contents: load(path), loader: 'binary' }));
  },
};

const { metafile } = await build({
  entryPoints: ['src/cli.ts', ...ownProcesses()],
  entryNames: '[name]',
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  metafile: true,
  plugins: [leaveOut, bytesAsBytes],
  // Bundled CommonJS packages load Node's modules with `require`.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
});
const merged = await mergeChunks(metafile.outputs, ['src/commands/listen.ts', 'src/listen/session.ts']);
removeAllBut([...Object.keys(metafile.outputs), ...merged]);
const page = await assemblePage();
// Beside the module that reads it: in the bundle, and as tsc made it.
for (const folder of [OUT, 'dist/mock/page']) writeFileSync(join(folder, 'page.html'), page.html);
writeFileSync(join(OUT, 'LICENSES.txt'), licenses([...Object.keys(metafile.inputs), ...page.inputs]));

/** Programs that commands start by file name: `NAME-process.ts`. In the bundle they lie beside the chunks. */
function ownProcesses(): string[] {
  const names = readdirSync('src', { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('-process.ts')).map((name) => join('src', name));
}

/** Earlier builds leave chunks of other names. */
function removeAllBut(outputs: readonly string[]): void {
  for (const name of readdirSync(OUT)) if (!outputs.includes(`${OUT}/${name}`)) rmSync(join(OUT, name));
}

/** The licenses of the packages that were bundled, which ask to stay with every copy. */
function licenses(inputs: readonly string[]): string {
  const folders = inputs.flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort().map(licenseText).join('\n');
}

function licenseText(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no license`);
  return `${folder.slice('node_modules/'.length)}\n\n${readFileSync(join(folder, file), 'utf8')}`;
}
