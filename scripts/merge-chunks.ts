import { writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

type Outputs = Metafile['outputs'];

/** Entries that a process may begin with, or whole commands. */
const COMMAND = /^src\/(cli|commands\/(?!start-)[\w-]+|mock\/[\w-]+|.*-process)\.ts$/;

/**
 * Puts what a lazily loaded entry needs at once into one file. Modules that several entries share come out of the
 * bundler in a chunk for each set of entries, and opening dozens of these took a tenth of the time to start. The chunks
 * stay, for the others that share them, and pass on what that file has.
 *
 * @param outputs what the bundler wrote
 * @param entries sources of the entries, in the order in which a run comes to them
 * @returns the files written beside those of the bundle
 */
export async function mergeChunks(outputs: Outputs, entries: readonly string[]): Promise<string[]> {
  // What other commands load as well stays apart: they are to load nothing that they don't need.
  const others = Object.entries(outputs).filter(
    ([, { entryPoint = '' }]) => COMMAND.test(entryPoint) && !entries.includes(entryPoint),
  );
  const placed = new Set(others.flatMap(([path]) => staticallyLoaded(outputs, path)));
  const written: string[] = [];
  for (const entry of entries) {
    const output = outputOf(outputs, entry);
    const chunks = staticallyLoaded(outputs, output).filter((path) => !placed.has(path));
    for (const path of chunks) placed.add(path);
    const name = `merged-${basename(output)}`;
    await merge(outputs, chunks, `${dirname(output)}/${name}`);
    for (const [i, path] of chunks.entries())
      writeFileSync(path, passingOn(exportsOf(outputs, path), i, name));
    written.push(`${dirname(output)}/${name}`);
  }
  return written;
}

/** An entry's own file, and all that it imports before it runs. */
function staticallyLoaded(outputs: Outputs, entry: string): string[] {
  const loaded = new Set([entry]);
  for (const path of loaded)
    for (const { path: imported, kind, external } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && external !== true) loaded.add(imported);
  return [...loaded];
}

function outputOf(outputs: Outputs, entry: string): string {
  const found = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === entry);
  if (found === undefined) throw new Error(`${entry} is no entry of the bundle`);
  return found;
}

async function merge(outputs: Outputs, chunks: readonly string[], outfile: string): Promise<void> {
  const inside = new Set(chunks.map((path) => basename(path)));
  const others: Plugin = {
    name: 'others-stay-apart',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\// }, ({ path, kind }) =>
        kind === 'import-statement' && inside.has(basename(path)) ? undefined : { path, external: true },
      );
    },
  };
  const contents = chunks.map((path, i) => {
    const names = exportsOf(outputs, path).map((name) => `${name} as ${alias(name, i)}`);
    return `export { ${names.join(', ')} } from './${basename(path)}';`;
  });
  const stdin = { contents: contents.join('\n'), resolveDir: dirname(outfile) };
  await build({
    stdin,
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [others],
  });
}

function passingOn(names: readonly string[], i: number, from: string): string {
  return `export { ${names.map((name) => `${alias(name, i)} as ${name}`).join(', ')} } from './${from}';\n`;
}

function alias(name: string, i: number): string {
  return `c${i}_${name}`;
}

function exportsOf(outputs: Outputs, path: string): readonly string[] {
  return outputs[path]?.exports ?? [];
}
