import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { ConformanceResult, ConformanceRow } from '../../src/mock/conformance/result.ts';
import { startCli } from '../e2e/harness/cli.ts';
import { launchChromium, missingChromium, newPage } from './chromium.ts';

/** The command; `result` is what it printed when it had ended, with exit code 0. */
async function startCheck(context: TestContext) {
  const cli = startCli(['serve-mock', '--check', '--port', '0', '--format', 'json'], { deadlineMs: 150_000 });
  context.after(async () => {
    cli.signal('SIGKILL');
    await cli.gone;
  });
  await cli.logged(/^ready \S+\n/m);
  const url = /^ready (\S+)/m.exec(cli.stderr)?.[1] ?? '';
  const result = async () => {
    const { code, stdout, stderr } = await cli.ended;
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    return JSON.parse(stdout) as ConformanceResult;
  };
  return { url, result };
}

const ids = (rows: readonly ConformanceRow[], outcome: ConformanceRow['outcome']) =>
  rows.filter((row) => row.outcome === outcome).map(({ id }) => id);

describe("Chromium's EventSource", { skip: missingChromium() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());

  test('passes every row of the suite, at one click on its page', async (context) => {
    const { url, result } = await startCheck(context);
    const { page, problems } = await newPage(context, browser);
    await page.goto(url);
    // What has the focus from the start gets it with the first picture.
    await page.waitForFunction("document.activeElement.textContent === 'Run the suite'");
    await page.keyboard.press('Enter');
    const status = page.locator('[role=status]', { hasText: /passed|Stopped/ });
    await status.waitFor({ timeout: 120_000 });
    const shown = await page.locator('tbody tr').allTextContents();
    const told = String(await status.textContent());
    const { rows, ended, evidence, client } = await result();
    assert.equal(ended, 'complete');
    assert.match(told, /^4[78] passed, 0 failed, [01] noted, 0 not measured, in \d+ s\.$/);
    assert.equal(evidence, 'reports');
    assert.match(client.userAgent, /Chrome\//);
    assert.deepEqual(ids(rows, 'fail'), []);
    assert.deepEqual(ids(rows, 'not-measured'), []);
    // It never lets its waits grow, though a busy machine may.
    assert.ok(ids(rows, 'note').every((id) => id === 'backoff'));
    assert.equal(shown.length, rows.length);
    // What the cases do to connections is told on the console; nothing else is.
    assert.deepEqual(
      problems.filter(
        (problem) =>
          !/ERR_(CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING)|status of (404|503)|MIME type \("text\/plain"\)/.test(
            problem,
          ),
      ),
      [],
    );
  });

  test('passes what its requests can tell, from a page of another origin', async (context) => {
    const { url, result } = await startCheck(context);
    const elsewhere = await startCheck(context);
    const { page } = await newPage(context, browser);
    await page.goto(`${elsewhere.url}healthz`);
    await page.evaluate(`globalThis.source = new EventSource(${JSON.stringify(url)})`);
    const { rows, ended, evidence } = await result();
    assert.equal(ended, 'complete');
    assert.equal(evidence, 'wire');
    assert.deepEqual(ids(rows, 'fail'), []);
    assert.ok(ids(rows, 'pass').includes('stop-204'));
    assert.ok(ids(rows, 'pass').length > 25);
    assert.ok(ids(rows, 'not-measured').includes('multi-line'));
  });
});
