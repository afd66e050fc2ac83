import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf } from '../../../src/commands/check-proxy/again-line.ts';
import { flagWords } from '../../../src/commands/check-proxy/flag-words.ts';
import { checkForm } from '../../../src/commands/check-proxy/form.ts';
import { shape } from '../../../src/commands/check-proxy.ts';
import { flagsGiven, parseLine } from '../../../src/commands/command-line.ts';
import type { CheckProxyFlags } from '../../../src/commands/flags/check-proxy/check-proxy-flags.ts';

const TARGET = 'http://localhost:8080/events?room=7';

function lines(...words: string[]) {
  return linesIn('ssekit', ...words);
}

async function linesIn(program: string, ...words: string[]) {
  const line = await parseLine<CheckProxyFlags>(shape(), [TARGET, ...words], {});
  assert.ok(line);
  const { againAt, lookAt, standInAt } = linesOf(
    checkForm(line.words, line.flags),
    line.flags,
    flagsGiven(line.command),
    program,
  );
  return { again: againAt(TARGET), look: lookAt(TARGET), standIn: standInAt(TARGET) };
}

const START = `ssekit check-proxy '${TARGET}'`;

test('a run that is to be repeated has the flags that it had, as they were written', async () => {
  const { again } = await lines(
    ...[
      '--origin',
      ':9000',
      '--silences',
      '8s,12s',
      '--heartbeat',
      '2s',
      '-k',
      '--http1.1',
      '--only',
      'idle',
    ],
    ...['-H', 'X-Room: a b', '--long', '-o', 'r.json', '-s', '--strict'],
  );
  assert.ok(again.startsWith(`${START} --origin 127.0.0.1:9000 `), again);
  for (const flag of [
    '--silences 8s,12s',
    '--heartbeat 2s',
    ' -k',
    '--http1.1',
    "-H 'X-Room: a b'",
    '--long',
  ])
    assert.ok(again.includes(flag), `${flag}: ${again}`);
  for (const flag of ['--only', ' -o ', ' -s ', '--strict', '--http2', '…'])
    assert.ok(!again.includes(flag), `${flag}: ${again}`);
});

test('secrets are masked, and what is read from elsewhere stays', async () => {
  const { again } = await lines(
    ...['--origin', ':9000', '-H', 'X-Api-Key: hunter1', '-H', '@secret.txt', '-u', 'me:hunter2'],
    ...['-b', 'session=hunter3', '--bearer-env', 'TOKEN', '--cert', 'c.pem:hunter4'],
  );
  assert.doesNotMatch(again, /hunter/);
  for (const flag of [
    "-H 'X-Api-Key: •••'",
    '-H @secret.txt',
    "-u 'me:•••'",
    '--bearer-env TOKEN',
    "'c.pem:•••'",
  ])
    assert.ok(again.includes(flag), `${flag}: ${again}`);
  const { again: shown } = await lines('--origin', ':9000', '-u', 'me:hunter2', '--show-secrets');
  assert.match(shown, /-u me:hunter2$/);
});

test('nothing is masked that holds no secret', () => {
  const masked = shape()
    .flags.filter((flag) => flag.takesValue && !flag.hidden)
    .filter((flag) => {
      flag.written.push('x');
      return flagWords([flag], new Set(), false).includes('•••');
    })
    .map(({ shownName }) => shownName);
  const leftOut = ['--only', '--skip', '--origin', '--remote-origin', '--direct', '--explain', '--url'];
  const ofOutput = ['--format', '--output', '--color'];
  assert.deepEqual(masked.filter((name) => ![...leftOut, ...ofOutput].includes(name)).toSorted(), [
    '--bearer',
    '--cookie',
    '--probe-token',
    '--user',
  ]);
});

test('the application is looked at where our origin stood', async () => {
  const { look } = await lines('--origin', '0.0.0.0:9000', '--heartbeat', '2s', '-k');
  assert.equal(look, `${START} --direct 'http://127.0.0.1:9000/events?room=7' -k`);
});

test('each begins as the program was called', async () => {
  for (const each of Object.values(await linesIn('npx ssekit', '--origin', ':9000')))
    assert.ok(each.startsWith(`npx ${START}`), each);
});
