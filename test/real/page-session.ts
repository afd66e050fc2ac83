import type { TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startCli } from '../e2e/harness/cli.ts';
import { newPage } from './chromium.ts';

const DEADLINE_MS = 120_000;

/** `ssekit serve-mock` on a free port; it ends with the test. Resolves to its URL, with a closing slash. */
export async function startMock(test: TestContext, ...flags: string[]): Promise<string> {
  const cli = startCli(['serve-mock', '--port', '0', ...flags], { deadlineMs: DEADLINE_MS });
  test.after(async () => {
    cli.signal('SIGINT');
    await cli.ended;
  });
  await cli.printed(/^ready \S+\n/m);
  return /^ready (\S+)/m.exec(cli.stdout)?.[1] ?? '';
}

/** Publishes as another program would. */
export async function publish(
  url: string,
  event: { event?: string; id?: string; data: string },
): Promise<void> {
  const response = await fetch(new URL('/publish', url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(event),
  });
  if (!response.ok) throw new Error(`POST /publish: ${response.status} ${await response.text()}`);
}

export interface LivePage {
  page: Page;
  /** Errors of the page, on its console too. */
  problems: string[];
  /** Everything that the browser asked for. */
  requests: string[];
}

/** The page of the mock at the URL, reading the stream at the address. */
export async function openPage(
  test: TestContext,
  browser: Browser,
  { url, address, ...options }: { url: string; address: string } & BrowserContextOptions,
): Promise<LivePage> {
  const { page, problems } = await newPage(test, browser, options);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  // Nothing on the page may ever open one.
  page.on('dialog', (dialog) => {
    problems.push(`dialogue: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`${url}#${address}`);
  return { page, problems, requests };
}
