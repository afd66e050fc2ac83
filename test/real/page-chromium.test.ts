import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { runCli } from '../e2e/harness/cli.ts';
import { until } from '../e2e/harness/until.ts';
import { launchChromium, missingChromium } from './chromium.ts';
import { openPage, publish, startMock } from './page-session.ts';

const rows = (page: Page, text: string | RegExp) => page.locator('#list li', { hasText: text });
const figure = async (page: Page, name: string) =>
  Number((await page.textContent(`#total-${name}`))?.replace(',', ''));

/** The words that a shell makes of a line. */
function shellWords(line: string): string[] {
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return printed.split('\0').slice(0, -1);
}

describe('the page, in Chromium', { skip: missingChromium() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());

  test('shows events as they come, and asks nobody but its server', async (t) => {
    const url = await startMock(t, '--interval', '50ms');
    const { page, problems, requests } = await openPage(t, browser, { url, address: '/events' });
    await rows(page, '{"n":3,').waitFor();
    assert.match(String(await page.textContent('#state-text')), /^open for/);
    await until(async () => (await figure(page, 'events')) >= 10);
    assert.match(String(await page.textContent('#total-id')), /^\d+$/);
    assert.match(await page.title(), /^open · /);
    await page.locator('#plot canvas').waitFor();
    assert.deepEqual(problems, []);
    assert.deepEqual(requests, [`${url}`, `${url}events`]);
  });

  test('publishes, shows the answer, and the event', async (t) => {
    const url = await startMock(t, '--preset', 'quiet');
    const { page, problems } = await openPage(t, browser, { url, address: '/any' });
    await rows(page, 'connection 1 open').waitFor();
    await page.fill('#publish-event', 'order');
    await page.fill('#publish-data', '{"total":\n12.50}');
    await page.click('#publish button[type=submit]');
    await page.locator('#publish-answer.good', { hasText: /^200 .*"streams":1/ }).waitFor();
    const row = rows(page, '{"total":\\n12.50}');
    await row.waitFor();
    assert.equal(await row.locator('.name').textContent(), 'order');
    await row.locator('.line').click();
    assert.equal(await row.locator('pre').textContent(), '{\n  "total": 12.50\n}');
    assert.deepEqual(problems, []);
  });

  test('publishes once, whatever key it is told by', async (t) => {
    const url = await startMock(t, '--preset', 'quiet');
    const { page } = await openPage(t, browser, { url, address: '/events' });
    await rows(page, 'connection 1 open').waitFor();
    await page.fill('#publish-data', 'one');
    await page.press('#publish-event', 'Control+Enter');
    await page.fill('#publish-data', 'two');
    await page.press('#publish-event', 'Enter');
    await page.fill('#publish-data', 'three');
    await page.press('#publish-data', 'Control+Enter');
    await rows(page, 'three').waitFor();
    assert.deepEqual(await page.locator('#list .data').allTextContents(), ['one', 'two', 'three']);
  });

  test('shows why an event was not published', async (t) => {
    const url = await startMock(t, '--max-payload', '1KB');
    const { page } = await openPage(t, browser, { url, address: '/events' });
    await page.fill('#publish-data', 'x'.repeat(2_000));
    await page.press('#publish-data', 'Control+Enter');
    await page.locator('#publish-answer.problem', { hasText: /^413 .*1/ }).waitFor();
  });

  for (const reader of ['fetch', 'EventSource']) {
    test(`breaks its stream on request, and tells the outage, read by ${reader}`, async (t) => {
      const url = await startMock(t, '--interval', '40ms', '--send-retry', '300ms');
      const { page, problems } = await openPage(t, browser, { url, address: '/events' });
      await page.selectOption('#reader', reader);
      await page.selectOption('#fault-kind', 'reset');
      await page.fill('#fault-when', '5');
      await page.check('#fault-first');
      await page.click('#fault button[type=submit]');
      await page.locator('#outages li', { hasText: 'until the next event' }).waitFor();
      assert.match(await page.inputValue('#address'), /fault=conn:1:reset@5&client=page-/);
      const [at, outFor] = await page.locator('#outages .head').first().locator('*').allTextContents();
      assert.match(String(at), /^\d\d:\d\d:\d\d\.\d\d\d$/);
      assert.match(String(outFor), /^\d+ ms$|^\d+\.\d+ s$/);
      const told = String(await page.locator('#outages .head').nth(1).textContent());
      const [, last, next] = /^id (\d) → (\d)nothing lost$/.exec(told) ?? [];
      // A reset takes with it what a busy browser has not read by then.
      assert.ok(Number(last) <= 5, told);
      assert.equal(Number(next), Number(last) + 1);
      await rows(
        page,
        new RegExp(`connection \\d+ open, .* after it was lost .* resumes behind ${last}`),
      ).waitFor();
      assert.equal(await figure(page, 'outages'), 1);
      assert.equal(await figure(page, 'missing'), 0);
      // That the browser itself tells of a reset is all that may be on its console.
      assert.deepEqual(
        [...new Set(problems)],
        ['console: Failed to load resource: net::ERR_CONNECTION_RESET'],
      );

      await page.click('#fault-none');
      await until(async () => !(await page.inputValue('#address')).includes('fault'));
    });
  }

  test('marks ids that are missing, come again or come late', async (t) => {
    const url = await startMock(t, '--interval', '30ms');
    const address = '/events?fault=drop@3&fault=dup@5&fault=swap@7';
    const { page, problems } = await openPage(t, browser, { url, address });
    await rows(page, '{"n":9,').waitFor();
    const notes = await page.locator('#list .note').allTextContents();
    assert.deepEqual(notes, ['1 id missing before', 'came again', '1 id missing before', 'came late']);
    assert.equal(await figure(page, 'missing'), 1);
    assert.equal(await page.locator('#fault-chips button').count(), 3);
    assert.deepEqual(problems, []);
  });

  test('is not moved by hostile events', async (t) => {
    const url = await startMock(t, '--preset', 'quiet');
    const { page, problems, requests } = await openPage(t, browser, { url, address: '/events' });
    await rows(page, 'connection 1 open').waitFor();
    const image = `<img src=x onerror="window.pwned=1"><script>window.pwned=2</script>`;
    await publish(url, { event: image, id: image, data: image });
    await publish(url, { data: JSON.stringify({ [image]: image, deep: '\u202e' }) });
    await publish(url, { data: '\x1b[2J\x07 \u202egnp.exe\ttab\u0000' });
    await publish(url, { data: `long ${'x'.repeat(100_000)}` });
    await publish(url, { data: `deep ${'['.repeat(50_000)}` });
    await publish(url, { data: '['.repeat(20_000) + ']'.repeat(20_000) });
    await publish(url, { data: '\x1b '.repeat(40_000) });
    await until(async () => (await page.locator('#list .line').count()) === 7);
    for (const line of await page.locator('#list .line').all()) await line.click();
    assert.equal(await page.locator('#list .detail').count(), 7);
    assert.equal(await page.locator('#list :is(img, script, a, iframe)').count(), 0);
    assert.equal(await page.evaluate('window.pwned'), undefined);
    assert.equal(await rows(page, image).first().locator('.name').textContent(), image);
    await rows(page, '\\x1b[2J\\x07 \\u202egnp.exe\\ttab\\0').first().waitFor();
    assert.ok(
      Number(
        (
          await rows(page, /long x/)
            .locator('.data')
            .textContent()
        )?.length,
      ) < 1_000,
    );
    assert.deepEqual(problems, []);
    assert.ok(requests.every((request) => request.startsWith(url)));
  });

  test('keeps the newest 1,000 events of a flood, and stays at work', async (t) => {
    const url = await startMock(t, '--interval', '1ms');
    const { page, problems } = await openPage(t, browser, { url, address: '/events' });
    await until(async () => (await figure(page, 'events')) > 1_500, 'events', 60_000);
    await page.click('#pause');
    assert.equal(await page.locator('#list li').count(), 1_000);
    assert.match(String(await page.textContent('#shown')), /the newest 1,000 of [\d,]+/);
    const newest = await page.locator('#list li').last().textContent();
    await until(async () => /paused, [\d,]+ more since/.test(String(await page.textContent('#shown'))));
    assert.equal(await page.locator('#list li').last().textContent(), newest);
    await page.click('#pause');
    await until(async () => (await page.locator('#list li').last().textContent()) !== newest);
    await page.click('#leave');
    await rows(page, 'closed: left').waitFor();
    assert.equal(await page.locator('#list li').count(), 1_000);
    assert.deepEqual(problems, []);
  });

  test('filters, pauses and clears', async (t) => {
    const url = await startMock(t, '--preset', 'quiet');
    const { page } = await openPage(t, browser, { url, address: '/events' });
    await rows(page, 'connection 1 open').waitFor();
    for (const data of ['apple', 'pear', 'Apple pie']) await publish(url, { event: 'fruit', data });
    await rows(page, 'Apple pie').waitFor();
    await page.fill('#filter', 'APPLE');
    await rows(page, 'pear').waitFor({ state: 'detached' });
    assert.deepEqual(await page.locator('#list .data').allTextContents(), ['apple', 'Apple pie']);
    await page.fill('#filter', '');
    await rows(page, 'pear').waitFor();
    await page.click('#clear');
    assert.equal(await page.locator('#list li').count(), 0);
    await until(async () => (await figure(page, 'events')) === 0);
    await publish(url, { data: 'plum' });
    await rows(page, 'plum').waitFor();
    assert.equal(await page.locator('#list li').count(), 1);
  });

  test('with --auth asks for the token, sends it, and keeps it nowhere', async (t) => {
    const url = await startMock(t, '--auth', 'token=s3cret', '--interval', '50ms');
    const { page } = await openPage(t, browser, { url, address: '/events' });
    await page.locator('#address-error', { hasText: 'asks for a token' }).waitFor();
    await page.fill('#token', 's3cret');
    await page.press('#token', 'Enter');
    await rows(page, '{"n":3,').waitFor();
    await page.press('#publish-data', 'Control+Enter');
    await page.locator('#publish-answer.good').waitFor();
    await rows(page, '{"hello": "world"}').waitFor();
    const kept = await page.evaluate(
      '[location.href, document.cookie, JSON.stringify({...localStorage, ...sessionStorage})].join()',
    );
    assert.doesNotMatch(String(kept), /s3cret/);
    assert.doesNotMatch(String(await page.textContent('#list')), /s3cret/);
  });

  test('says what is wrong with an address, and with an answer', async (t) => {
    const url = await startMock(t);
    const { page } = await openPage(t, browser, { url, address: '/events' });
    await page.fill('#address', 'http://example.com/events');
    await page.press('#address', 'Enter');
    await page.locator('#address-error', { hasText: 'of its own server only' }).waitFor();
    await page.fill('#address', '/events?interval=soon');
    await page.press('#address', 'Enter');
    await rows(page, /closed: HTTP 400; EventSource gives up at it: .*interval/).waitFor();
    assert.equal(await page.textContent('#state-text'), 'closed: HTTP 400');
    assert.equal(await page.textContent('#address-error'), '');
  });

  test('opens what its own URL says, and goes along when that is changed', async (t) => {
    const url = await startMock(t, '--interval', '50ms');
    const { page } = await openPage(t, browser, { url, address: '/a?interval=60ms&preset=ticker' });
    await rows(page, 'GET /a?interval=60ms&preset=ticker').waitFor();
    assert.equal(await page.inputValue('#interval'), '60ms');
    assert.equal(await page.inputValue('#preset'), 'ticker');
    await page.fill('#interval', '70ms');
    assert.equal(await page.inputValue('#address'), '/a?interval=70ms&preset=ticker');
    await page.press('#interval', 'Enter');
    await rows(page, 'GET /a?interval=70ms').waitFor();
    assert.equal(new URL(page.url()).hash, '#/a?interval=70ms&preset=ticker');
    await page.evaluate("location.hash = '/b'");
    await rows(page, 'GET /b').waitFor();
  });

  test('copies lines that run', async (t) => {
    const url = await startMock(t, '--interval', '30ms');
    const { page } = await openPage(t, browser, {
      url,
      address: "/events?count=3&event=it's+$1",
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await rows(page, '{"n":3,').first().waitFor();
    const copied = async (selector: string) => {
      await page.click(selector);
      await page.locator(selector, { hasText: 'Copied' }).waitFor();
      return String(await page.evaluate('navigator.clipboard.readText()'));
    };
    const [program, ...words] = shellWords(await copied('#copy-listen'));
    assert.equal(program, 'ssekit');
    const { stdout } = await runCli([...words, '-n', '3', '--format', 'ndjson']);
    assert.match(stdout, /"event":"it's \$1"/);
    assert.match(await copied('#copy-curl'), /^curl -N 'http.*' -H 'Accept: text\/event-stream'$/);
  });
});
