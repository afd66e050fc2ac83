import { PROBES } from '../src/checks/probes/registry.ts';
import type { Matrix, MeasuredConfig, MeasuredProduct } from './matrix/measured.ts';

/** What was measured behind real proxies, as a section of docs/proxies.md. */
export function matrixSection({ products }: Matrix): string {
  const introduction = `What the probes found behind the proxies of Debian 12 and npm, by \`npm run matrix\`: as each comes, set up wrongly in one
way or another, and \`fixed\`, which is as well as its settings let it stream; \`in production\` it has what else one sets there: connections
that are kept, compression of pages, headers, limits with room. A fault that stays there is the version's own.
Debian's were silent for more than a minute in \`default\` and \`fixed\`, for an application that sends something every minute;
the others, and whatever is \`impatient\`, which ends silence after 2 s, for seconds. \`HTTP/2\` was spoken over \`http://\`, by prior knowledge. An empty cell was not asked.`;
  return `## Measured\n\n${introduction}\n\n${products.map(productTable).join('\n')}`;
}

function productTable({ name, version, measured, configs }: MeasuredProduct): string {
  const asked = PROBES.map(({ id }) => id).filter((id) => configs.some(({ found }) => id in found));
  const rows = [
    row(
      'Probe',
      configs.map((config) => config.name),
    ),
    row(
      '---',
      configs.map(() => '---'),
    ),
    ...asked.map((id) =>
      row(
        `\`${id}\``,
        configs.map((config) => cell(config, id)),
      ),
    ),
  ];
  return `### ${name} ${version}\n\nOn ${measured}:\n\n${rows.join('\n')}\n`;
}

function cell({ found }: MeasuredConfig, id: string): string {
  const what = found[id];
  if (what === undefined) return '';
  return what === 'pass' ? 'pass' : `**\`${what}\`**`;
}

function row(first: string, cells: readonly string[]): string {
  return `| ${[first, ...cells].join(' | ')} |`;
}
