/** `npm run matrix`: asks every probe behind every real proxy, or behind those that are set up well again and again. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { products } from '../../test/real/proxies/products.ts';
import { keepBusy } from './busy.ts';
import { MATRIX_FILE, merged, readMatrix, writeMatrix } from './measured.ts';

const HELP = `npm run matrix -- [options] [product...]

Runs the proxies that scripts/install-proxies installs, each as it comes, set up wrongly in one way or another, and set
up well, and compares what the probes of check-proxy find behind them with what they are to find. Takes a quarter of
an hour for all of them; products are those of test/real/proxies/products.ts.
  --write-docs   keep what was found in ${MATRIX_FILE} and docs/proxies.md, where all is as it is to be
  --times N      in place of that: those that are set up well, N times, and how many false alarms there were
  --busy N       in place of that: what npm test asks, N times, while every processor has other work
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'write-docs': { type: 'boolean', default: false },
    times: { type: 'string' },
    busy: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const unknown = positionals.find((name) => products.every((product) => product.name !== name));
if (values.help) console.log(HELP);
else if (unknown !== undefined) {
  console.error(`there is no product ${unknown}; there are ${products.map(({ name }) => name).join(', ')}`);
  process.exitCode = 2;
} else if (!isCount(values.times) || !isCount(values.busy)) {
  console.error(`--times and --busy: a number from 1 on is wanted\n\n${HELP}`);
  process.exitCode = 2;
} else if (values.busy !== undefined) process.exitCode = runBusy(Number(values.busy));
else if (values.times !== undefined) {
  process.exitCode = runTests('alarms', 14_400, { SSEKIT_MATRIX_TIMES: values.times });
} else process.exitCode = measure();

function isCount(text: string | undefined): boolean {
  return text === undefined || Number(text) >= 1;
}

function runBusy(times: number): number {
  const rest = keepBusy();
  try {
    let failed = 0;
    for (let time = 1; time <= times; time += 1)
      if (run(['scripts/test.ts', 'real/proxies/verdicts'], { SSEKIT_REQUIRE_REAL: '1' }) !== 0) failed += 1;
    console.log(`${times} runs while every processor had other work, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    rest();
  }
}

function measure(): number {
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-matrix-'));
  try {
    const path = join(folder, 'measured.json');
    const code = runTests('verdicts', 3_600, { SSEKIT_MATRIX_FILE: path });
    if (code !== 0 || !values['write-docs']) return code;
    const before = existsSync(MATRIX_FILE) ? readMatrix(MATRIX_FILE) : { products: [] };
    const names = products.map(({ name }) => name);
    writeMatrix(MATRIX_FILE, merged(before, readMatrix(path), names));
    return run(['scripts/proxies.ts']);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runTests(part: string, timeoutSeconds: number, env: Readonly<Record<string, string>>): number {
  const words = ['--dir', 'scripts/matrix', '--timeout', String(timeoutSeconds), part];
  const only = positionals.length === 0 ? {} : { SSEKIT_MATRIX_PRODUCTS: positionals.join('\n') };
  // Every proxy is to be there.
  return run(['scripts/test.ts', ...words], { ...env, ...only, SSEKIT_REQUIRE_REAL: '1' });
}

function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const options = { stdio: 'inherit', env: { ...process.env, ...env } } as const;
  return spawnSync(process.execPath, ['--import', 'tsx', ...words], options).status ?? 1;
}
