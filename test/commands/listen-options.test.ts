import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseLine } from '../../src/commands/command-line.ts';
import type { ListenFlags } from '../../src/commands/flags/listen-flags.ts';
import { shape } from '../../src/commands/listen.ts';
import { listenOptions } from '../../src/commands/listen-options.ts';
import { assertUsageError } from './flags/rejection.ts';

async function options(argv: string[], { id = '', env = {} } = {}) {
  const line = await parseLine<ListenFlags>(shape(), argv, {});
  assert.ok(line);
  return listenOptions(line.flags, line.command, { kind: 'stdin', maxEventSizeBytes: 1024 }, id, env);
}

test('without flags listen reads one connection, to its end', async () => {
  assert.deepEqual(await options([]), {
    source: { kind: 'stdin', maxEventSizeBytes: 1024 },
    format: 'pretty',
    lastEventId: '',
    stop: {},
    filters: { event: [], excludeEvent: [], grep: [] },
    reconnect: { retries: 0, retryDelayMs: 3000, retryMaxMs: 30_000 },
    comments: false,
    include: false,
    verbose: false,
    silent: false,
    showSecrets: false,
    color: 'auto',
  });
});

test('every way to stop is carried over', async () => {
  const { stop } = await options([
    '-n10',
    '--for',
    '2s',
    '--until',
    'a',
    '--until',
    'b',
    '--until-event',
    'e',
    '--until-data',
    '[DONE]',
    '-m',
    '3',
  ]);
  assert.deepEqual(stop, {
    maxEvents: 10,
    forMs: 2000,
    untilData: ['[DONE]'],
    untilEvent: ['e'],
    untilRegex: [/a/, /b/],
    maxTimeMs: 3000,
  });
});

test('a flag of the command line beats a default that contradicts it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-defaults-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const config = (defaults: object) => {
    const path = join(folder, 'defaults.json');
    writeFileSync(path, JSON.stringify(defaults));
    return ['--config', path];
  };
  const joined = await options([...config({ wire: true }), '--join', 'auto']);
  assert.deepEqual([joined.wire, joined.join], [undefined, { kind: 'auto' }]);
  const wired = await options([...config({ join: 'auto', format: 'data' }), '--wire']);
  assert.deepEqual([wired.wire, wired.join, wired.format], [true, undefined, 'pretty']);
  const raw = await options([...config({ wire: true, grep: 'a', path: 'b' }), '--format', 'raw']);
  assert.deepEqual(
    [raw.format, raw.wire, raw.filters],
    ['raw', undefined, { event: [], excludeEvent: [], grep: [] }],
  );
  const filtered = await options([...config({ format: 'raw' }), '--event', 'a']);
  assert.deepEqual([filtered.format, filtered.filters.event], ['pretty', ['a']]);
  await assertUsageError(
    () => options(config({ wire: true, join: 'auto' })),
    /^--join shows text .*; a config file sets both\n/,
  );
});

test('-m 0 is no limit, as in curl', async () => assert.deepEqual((await options(['-m', '0'])).stop, {}));

test('filters may be repeated', async () => {
  const { filters } = await options([
    '--event',
    'a',
    '--event',
    'b',
    '--exclude-event',
    'c',
    '--grep',
    'x',
    '--path',
    'a.b',
  ]);
  assert.deepEqual(filters, { event: ['a', 'b'], excludeEvent: ['c'], grep: [/x/], path: 'a.b' });
});

test('--follow retries for ever, --retry N times, and not both', async () => {
  assert.equal((await options(['--follow'])).reconnect.retries, Number.POSITIVE_INFINITY);
  assert.equal((await options(['--retry', '3'])).reconnect.retries, 3);
  await assertUsageError(() => options(['--follow', '--retry', '3']), /give only one of them/);
});

test('waits between attempts are bounded by an hour', async () => {
  const { reconnect } = await options(['--retry-delay', '0.5', '--retry-max', '1m']);
  assert.deepEqual([reconnect.retryDelayMs, reconnect.retryMaxMs], [500, 60_000]);
  await assertUsageError(
    () => options(['--retry-delay', '2h']),
    /--retry-delay: "2h" is too long: at most 1h/,
  );
  await assertUsageError(() => options(['--retry-max', '30']), /--retry-max: "30" needs a unit/);
});

test('the id to resume after comes from the flag or the header, and not from both', async () => {
  assert.equal((await options(['--last-event-id', '7'])).lastEventId, '7');
  assert.equal((await options([], { id: '8' })).lastEventId, '8');
  await assertUsageError(() => options(['--last-event-id', '7'], { id: '8' }), /header is given too/);
  await assertUsageError(() => options(['--last-event-id', 'a\nb']), /no line break/);
});

test('time columns are a list, and off is none', async () => {
  assert.deepEqual((await options(['--timestamps', 'rel,iso'])).timestamps, ['rel', 'iso']);
  assert.deepEqual((await options(['--timestamps', 'off'])).timestamps, []);
  await assertUsageError(() => options(['--timestamps', 'off,rel']), /"off" stands alone/);
  await assertUsageError(() => options(['--timestamps', 'utc']), /one of: off, rel, delta, iso/);
});

test('the summary is on, off, or left to the terminal', async () => {
  assert.equal((await options(['--summary'])).summary, true);
  assert.equal((await options(['--no-summary'])).summary, false);
  assert.equal('summary' in (await options([])), false);
});

test('colour follows the flag, then FORCE_COLOR, NO_COLOR and TERM', async () => {
  const color = async (argv: string[], env: Record<string, string>) => (await options(argv, { env })).color;
  assert.equal(await color(['--color', 'always'], { NO_COLOR: '1' }), 'always');
  assert.equal(await color(['--no-color'], { FORCE_COLOR: '1' }), 'never');
  assert.equal(await color([], { FORCE_COLOR: '1', NO_COLOR: '1' }), 'always');
  assert.equal(await color([], { FORCE_COLOR: '0' }), 'never');
  assert.equal(await color([], { NO_COLOR: '1' }), 'never');
  assert.equal(await color([], { NO_COLOR: '' }), 'auto');
  assert.equal(await color([], { TERM: 'dumb' }), 'never');
});

test('--format json is answered with ndjson', () =>
  assertUsageError(() => options(['--format', 'json']), /--format: "json" is not known\n.*--format ndjson/));

test('-n counts from one', () =>
  assertUsageError(() => options(['-n', '0']), /--max-events: "0" is too small: at least 1/));

test('an empty file name, as an unset variable leaves it, is refused', () =>
  assertUsageError(() => options(['--state', '']), /--state: the file name is empty/));
