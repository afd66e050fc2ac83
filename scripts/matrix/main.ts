/** `npm run matrix`: asks every probe behind every real proxy, or behind those that are set up well again and again. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MATRIX_FILE } from './measured.ts';

const HELP = `npm run matrix -- [options]

Runs the proxies that scripts/install-proxies installs, each as it comes, set up wrongly in one way or another, and set
up well, and compares what the probes of check-proxy find behind them with what they are to find. Takes a quarter of
an hour.
  --write-docs   keep what was found in ${MATRIX_FILE} and docs/proxies.md, where all is as it is to be
  --times N      in place of that: those that are set up well, N times, and how many false alarms there were
`;

const { values } = parseArgs({
  options: {
    'write-docs': { type: 'boolean', default: false },
    times: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) console.log(HELP);
else if (values.times !== undefined && !(Number(values.times) >= 1)) {
  console.error(`--times ${values.times}: a number from 1 on is wanted\n\n${HELP}`);
  process.exitCode = 2;
} else if (values.times !== undefined) {
  process.exitCode = runTests('alarms', 14_400, { SSEKIT_MATRIX_TIMES: values.times });
} else process.exitCode = measure();

function measure(): number {
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-matrix-'));
  try {
    const path = join(folder, 'measured.json');
    const code = runTests('verdicts', 3_600, { SSEKIT_MATRIX_FILE: path });
    if (code !== 0 || !values['write-docs']) return code;
    copyFileSync(path, MATRIX_FILE);
    return run(['scripts/proxies.ts']);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runTests(part: string, timeoutSeconds: number, env: Readonly<Record<string, string>>): number {
  const words = ['--dir', 'scripts/matrix', '--timeout', String(timeoutSeconds), part];
  // Every proxy is to be there.
  return run(['scripts/test.ts', ...words], { ...env, SSEKIT_REQUIRE_REAL: '1' });
}

function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const options = { stdio: 'inherit', env: { ...process.env, ...env } } as const;
  return spawnSync(process.execPath, ['--import', 'tsx', ...words], options).status ?? 1;
}
