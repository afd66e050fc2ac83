import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { until } from '../e2e/harness/until.ts';
import { launchChromium, missingChromium } from './chromium.ts';
import { openPage, publish, startMock } from './page-session.ts';

const MOST_STOPS = 60;
/** WCAG 2.2, 1.4.3. */
const LEAST_CONTRAST = 4.5;

const focused = (page: Page) => page.evaluate<string>('document.activeElement.id');

describe('the page, for everyone', { skip: missingChromium() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());

  test('publishes with the keyboard alone, and the focus is always to be seen', async (t) => {
    const url = await startMock(t, '--preset', 'quiet');
    const { page, problems } = await openPage(t, browser, { url, address: '/events' });
    await page.locator('#list li', { hasText: 'connection 1 open' }).waitFor();
    const stops: string[] = [];
    while ((await focused(page)) !== 'publish-data' && stops.length < MOST_STOPS) {
      await page.keyboard.press('Tab');
      stops.push(await focused(page));
      const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
      assert.notEqual(outline, 'none', `no focus to be seen at ${stops.at(-1)}`);
    }
    const inOrder = ['address', 'open', 'leave', 'preset', 'reader', 'filter', 'pause', 'publish-event'];
    assert.deepEqual(
      inOrder.filter((id) => stops.includes(id)),
      inOrder,
      stops.join(),
    );
    assert.deepEqual(
      [...stops].sort((a, b) => stops.indexOf(a) - stops.indexOf(b)),
      stops,
    );
    await page.keyboard.press('Control+A');
    await page.keyboard.type('typed');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('#list .data', { hasText: 'typed' }).waitFor();
    await page.locator('#publish-answer.good').waitFor();
    assert.deepEqual(problems, []);
  });

  test('takes single keys outside of fields, and none of them when they are turned off', async (t) => {
    const url = await startMock(t, '--interval', '40ms');
    const { page, problems } = await openPage(t, browser, { url, address: '/events' });
    await page.locator('#list .line').nth(4).waitFor();
    for (const [key, id] of [
      ['n', 'publish-data'],
      ['f', 'fault-kind'],
      ['/', 'filter'],
      ['a', 'address'],
    ] as const) {
      await page.keyboard.press(key);
      assert.equal(await focused(page), id);
      await page.keyboard.press('Escape');
      assert.equal(await focused(page), '');
    }
    await page.keyboard.press('p');
    assert.equal(await page.getAttribute('#pause', 'aria-pressed'), 'true');
    await page.keyboard.press('d');
    await until(async () => (await page.textContent('#state-text')) === 'closed: left');
    await page.keyboard.press('?');
    await page.locator('#shortcuts').waitFor();
    await page.uncheck('#shortcuts-on');
    await page.keyboard.press('Escape');
    await page.keyboard.press('o');
    await page.keyboard.press('n');
    assert.notEqual(await focused(page), 'publish-data');
    assert.equal(await page.textContent('#state-text'), 'closed: left');
    assert.deepEqual(problems, []);
  });

  test('walks the list of events by arrows, from one stop of the tab order, and opens one', async (t) => {
    const url = await startMock(t, '--preset', 'quiet');
    const { page } = await openPage(t, browser, { url, address: '/events' });
    await page.locator('#list li', { hasText: 'connection 1 open' }).waitFor();
    for (const n of [1, 2, 3]) await publish(url, { data: `{"n":${n}}` });
    const lines = page.locator('#list .line');
    await lines.nth(2).waitFor();
    assert.equal(await page.locator('#list [tabindex="0"]').count(), 1);
    const current = () => page.evaluate<string>('document.activeElement.querySelector(".data").textContent');
    await page.keyboard.press('e');
    assert.equal(await current(), '{"n":3}');
    await page.keyboard.press('ArrowUp');
    assert.equal(await current(), '{"n":2}');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    assert.equal(await current(), '{"n":1}');
    await page.keyboard.press('Enter');
    assert.equal(await lines.first().getAttribute('aria-expanded'), 'true');
    assert.equal(await page.locator('.detail pre').textContent(), '{\n  "n": 1\n}');
    await publish(url, { data: '{"n":4}' });
    await lines.nth(3).waitFor();
    assert.equal(await current(), '{"n":1}');
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('.detail').count(), 0);
  });

  test('has a name for everything that can be used', async (t) => {
    const url = await startMock(t, '--interval', '40ms');
    const { page } = await openPage(t, browser, { url, address: '/events?fault=jitter=5ms' });
    await page.locator('#list .line').nth(1).click();
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const used =
      /^(?:button|textbox|searchbox|combobox|checkbox|list|region|img|form|complementary|main|status)$/;
    const seen = nodes.filter(({ role, ignored }) => !ignored && used.test(String(role?.value)));
    const nameless = seen.filter(
      ({ name, role }) => !name?.value && !/^(?:main|status)$/.test(String(role?.value)),
    );
    assert.ok(seen.length > 40, `${seen.length} found`);
    assert.deepEqual(
      nameless.map(({ role, properties }) => `${role?.value} ${JSON.stringify(properties)}`),
      [],
    );
  });

  test('tells a screen reader of changes of the connection, and not of every event', async (t) => {
    const url = await startMock(t, '--interval', '40ms', '--send-retry', '200ms');
    const { page } = await openPage(t, browser, { url, address: '/events' });
    await page.locator('#announcements', { hasText: 'Stream open' }).waitFor({ state: 'attached' });
    await page.evaluate(`
      window.heard = [];
      new MutationObserver(() => heard.push(announcements.textContent)).observe(announcements, { childList: true, characterData: true, subtree: true });
    `);
    await page.fill('#address', '/events?fault=conn:1:eof@3&client=reader');
    await page.press('#address', 'Enter');
    await page.locator('#outages li', { hasText: 'until the next event' }).waitFor();
    const heard = await page.evaluate<string[]>('heard');
    // What lasts for less than a frame may go unsaid.
    const lasting = heard.filter((text) => text !== 'Stream connecting');
    assert.deepEqual(lasting.slice(-2), ['Stream reconnecting', 'Stream open']);
    assert.ok(heard.length <= 5, heard.join());
    assert.equal(await page.locator('[aria-live]:not([aria-live=off]):has(#list)').count(), 0);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`is legible in the ${colorScheme}`, async (t) => {
      const url = await startMock(t, '--interval', '40ms');
      const address = '/events?fault=drop@3&fault=eof@9';
      const { page } = await openPage(t, browser, { url, address, colorScheme });
      await page.locator('#outages li').first().waitFor();
      await page.locator('#list .line').first().click();
      assert.deepEqual(await poorContrasts(page), []);
      const background = await page.evaluate<string>(
        'getComputedStyle(document.documentElement).backgroundColor',
      );
      const brightness = Number(/\d+/.exec(background)?.[0]);
      assert.equal(brightness > 128, colorScheme === 'light', background);
      await picture(page, `page-${colorScheme}`);
    });
  }

  for (const [width, height] of [
    [320, 640],
    [390, 844],
    [768, 1024],
    [1000, 700],
    [1280, 800],
    [1920, 1080],
  ] as const) {
    test(`fits ${width}×${height}`, async (t) => {
      const url = await startMock(t, '--interval', '40ms', '--send-retry', '200ms');
      const address = '/events?fault=conn:1:reset@20&fault=jitter=5ms&name=of-a-rather-long-address';
      const viewport = { width, height };
      const { page } = await openPage(t, browser, { url, address, viewport, colorScheme: 'dark' });
      await page.locator('#outages li', { hasText: 'until the next event' }).first().waitFor();
      await publish(url, { event: 'n'.repeat(300), id: 'i'.repeat(300), data: 'd'.repeat(5_000) });
      await page.locator('#list .name', { hasText: 'nnn' }).waitFor();
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
      const cut = await page.evaluate<string[]>(`
        [...document.querySelectorAll('button, input, select, textarea')]
          .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth)
          .map((each) => each.id || each.textContent)
      `);
      assert.deepEqual(cut, []);
      await picture(page, `page-${width}x${height}`);
    });
  }
});

/** For people to look at, where they ask for it. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SSEKIT_PICTURES;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}

/** Texts that stand out from what is behind them by less than they must. */
function poorContrasts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const channels = (colour) => {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data];
    };
    const linear = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const behind = (element) => {
      for (let each = element; each !== null; each = each.parentElement) {
        const colour = channels(getComputedStyle(each).backgroundColor);
        if (colour[3] === 255) return colour;
      }
      return [255, 255, 255];
    };
    const poor = new Set();
    for (const element of document.querySelectorAll('body *')) {
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
      if (!hasText || !element.checkVisibility() || element.matches(':disabled, kbd, option, script, style')) continue;
      const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < ${LEAST_CONTRAST}) poor.add(element.tagName + '.' + element.className + ' ' + contrast.toFixed(2));
    }
    return [...poor];
  })()`);
}
