import { createHash } from 'node:crypto';
import type { PlainAnswer } from '../answer.ts';
import { FRESH_CONNECTION } from './answer-act.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --pass: #1a7f37; --fail: #cf222e; --note: #9a6700 }
@media (prefers-color-scheme: dark) { :root { --pass: #3fb950; --fail: #ff7b72; --note: #d29922 } }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.3rem }
button { font: inherit; padding: .4rem 1rem }
table { border-collapse: collapse; width: 100%; margin-top: 1rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line) }
td:first-child { white-space: nowrap; font-weight: 600 }
td:last-child { overflow-wrap: anywhere; white-space: pre-wrap }
.pass td:first-child { color: var(--pass) }
.fail td:first-child { color: var(--fail) }
.note td:first-child { color: var(--note) }
.not-measured { opacity: .7 }
`;

/** The adapter loop of docs/check-clients.md, with the browser's own EventSource. */
const SCRIPT = `
'use strict';
const button = document.querySelector('button');
const state = document.querySelector('[role=status]');
const table = document.querySelector('tbody');
const WORDS = { pass: 'PASS', fail: 'FAIL', note: 'note', 'not-measured': 'not measured' };

button.addEventListener('click', async () => {
  button.disabled = true;
  try {
    await run();
  } catch (error) {
    state.textContent = 'Stopped: ' + error.message + '. Is the server still running?';
  }
});

async function run() {
  const report = fetch('/check/report').then((answer) => answer.json());
  let client;
  for (;;) {
    const next = await fetch('/check/next');
    client?.close();
    if (next.status === 204) break;
    if (!next.ok) throw new Error((await next.json()).error);
    const { url, seen, events, title, number, of, judged } = await next.json();
    judged.forEach(show);
    state.textContent = 'Case ' + number + ' of ' + of + ': ' + title;
    client = new EventSource(url);
    let n = 0;
    for (const type of events) {
      client.addEventListener(type, ({ type: event, data, lastEventId }) => {
        n += 1;
        fetch(seen, { method: 'POST', body: JSON.stringify({ n, event, data, lastEventId }) }).catch(() => {});
      });
    }
  }
  const { rows, counts, durationMs } = await report;
  table.replaceChildren();
  rows.forEach(show);
  state.textContent = counts.pass + ' passed, ' + counts.fail + ' failed, ' + counts.note + ' noted, ' +
    counts.notMeasured + ' not measured, in ' + Math.round(durationMs / 1000) + ' s.';
  document.title = counts.fail + ' failed – ' + document.title;
}

function show({ outcome, text, evidence }) {
  const row = table.insertRow();
  row.className = outcome;
  for (const words of [WORDS[outcome], text, evidence]) row.insertCell().textContent = words;
}
`;

const HTML = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Client conformance – ssekit</title>
<style>${STYLE}</style>
<h1>Does this browser's EventSource behave as the HTML standard demands?</h1>
<p>The suite takes about half a minute. Keep this tab in front: browsers slow down the timers of others.</p>
<p><button autofocus>Run the suite</button></p>
<p role="status"></p>
<table><thead><tr><th>Verdict<th>What must happen<th>Evidence</tr></thead><tbody></tbody></table>
<script>${SCRIPT}</script>
</html>
`;

/** A page that runs the suite against the browser that shows it. One file, which loads nothing. */
export function browserPage(): PlainAnswer {
  return {
    kind: 'plain',
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...FRESH_CONNECTION,
      // The same URL is a stream to who asks for one.
      vary: 'Accept',
      'content-security-policy': [
        "default-src 'none'",
        `script-src ${hashOf(SCRIPT)}`,
        `style-src ${hashOf(STYLE)}`,
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
      'x-content-type-options': 'nosniff',
    },
    body: HTML,
  };
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
