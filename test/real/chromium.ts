import { existsSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Debian's; elsewhere the environment says where it is. */
const EXECUTABLE = process.env.SSEKIT_CHROMIUM ?? '/usr/bin/chromium';

/**
 * Why Chromium can't be run here, `false` where it can: what `skip` of a test takes.
 *
 * @throws Error instead of a reason where SSEKIT_REQUIRE_REAL is set: nothing may be skipped then
 */
export function missingChromium(): string | false {
  if (existsSync(EXECUTABLE)) return false;
  const reason = `there is no Chromium at ${EXECUTABLE} (SSEKIT_CHROMIUM names another place)`;
  if (process.env.SSEKIT_REQUIRE_REAL) throw new Error(`${reason}, and SSEKIT_REQUIRE_REAL is set`);
  return reason;
}

/** The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
}

/** A page of its own profile, closed with the test. What goes wrong in it is collected in `problems`. */
export async function newPage(
  test: TestContext,
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext(options);
  test.after(() => context.close());
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  return { page, problems };
}
