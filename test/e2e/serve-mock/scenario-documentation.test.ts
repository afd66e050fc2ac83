import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { tail } from '../harness/command.ts';
import { startMock } from '../harness/mock.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssekit-page-'));
after(() => rmSync(folder, { recursive: true }));

const page = readFileSync(new URL('../../../docs/scenarios.md', import.meta.url), 'utf8');

/** Scenarios of the page that are followed by what one gets of them. */
const sessions = [
  ...page.matchAll(/^```yaml\n((?:(?!```).*\n)*)```\n\n```\n(\$ (?:(?!```).*\n)*)```$/gm),
].map(([, scenario = '', session = '']) => ({ scenario, commands: commandsOf(session) }));

/** Command lines with the output that the page shows below each. */
function commandsOf(session: string): { line: string; output: string }[] {
  return session
    .split(/^\$ /m)
    .filter(Boolean)
    .map((part) => {
      const end = part.indexOf('\n');
      return { line: part.slice(0, end), output: part.slice(end + 1) };
    });
}

/** What a line prints; undefined where the page shows more of it than can be the same twice. */
async function output(line: string, url: string): Promise<string | undefined> {
  const asked = /^curl localhost:4000\/(\S*)$/.exec(line)?.[1];
  if (asked !== undefined) return `${await (await fetch(`${url}${asked}`)).text()}\n`;
  const words = /^ssekit listen :4000\/(\S+) (.*--format data)$/.exec(line);
  if (words === null) return undefined;
  return (await tail(`${url}${words[1]}`, ...(words[2] ?? '').split(' '))).stdout;
}

describe('the page on scenarios', () => {
  for (const [index, { scenario, commands }] of sessions.entries()) {
    for (const { line, output: shown } of commands) {
      if (!/^curl localhost:4000\/\S*$|--format data$/.test(line)) continue;
      test(`shows what one gets: ${line}`, async (context) => {
        const path = join(folder, `${index}.yaml`);
        writeFileSync(path, scenario);
        const { url } = await startMock(context, path);
        assert.equal(await output(line, url), shown);
      });
    }
  }

  test('has such lines', () => {
    const lines = sessions.flatMap(({ commands }) => commands);
    assert.ok(lines.length >= 4);
  });
});
