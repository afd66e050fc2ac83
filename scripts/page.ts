import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Where the page of `serve-mock` comes from. */
const SOURCES = 'src/mock/page';
const root = new URL('../', import.meta.url);

export interface Page {
  /** One file that loads nothing. */
  html: string;
  /** What went into it, paths from the root. */
  inputs: string[];
}

/** Puts the page together: style and script, bundled and minified, in the HTML. */
export async function assemblePage(): Promise<Page> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: [`${SOURCES}/browser/main.ts`, `${SOURCES}/style/page.css`],
    outdir: 'page',
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    // Licences are in the page whole, not as links.
    legalComments: 'none',
  });
  const code = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  const html = fill(await text(`${SOURCES}/page.html`), {
    licence: `<!--\nuPlot, which draws the plot:\n\n${await text('node_modules/uplot/LICENSE')}-->`,
    style: `<style>${safeWithin('style', code('.css'))}</style>`,
    script: `<script>${safeWithin('script', code('.js'))}</script>`,
  });
  return { html, inputs: Object.keys(metafile.inputs) };
}

function text(path: string): Promise<string> {
  return readFile(new URL(path, root), 'utf8');
}

function fill(template: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((html, [name, part]) => {
    const place = `<!-- ${name} -->`;
    if (html.split(place).length !== 2) throw new Error(`page.html must have ${place} once`);
    // A function, as a text would have its `$&` replaced.
    return html.replace(place, () => part);
  }, template);
}

/** An element's text ends at its end tag, wherever in a string that stands. */
function safeWithin(tag: string, code: string): string {
  if (code.toLowerCase().includes(`</${tag}`)) throw new Error(`</${tag} in the page's ${tag}`);
  return code;
}
