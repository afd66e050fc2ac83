import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, test } from 'node:test';
import { siteOf } from '../../../src/checks/fixes/place.ts';
import { PRODUCTS } from '../../../src/checks/fixes/products.ts';
import { CHECKS, type ConfigurationCheck } from './fix-places.ts';
import { products } from './products.ts';
import type { ProxyProduct } from './proxy-product.ts';
import { missingProxy } from './real-proxy.ts';

/** No place in a configuration: an application, or somebody who asks. */
const ELSEWHERE = new Set(['origin', 'client']);
/** Not asked of this product: what is to be done to it as a whole. */
const INSTRUCTION = /^upgrade/;
const NONSENSE: Readonly<Record<string, string>> = {
  lighttpd: 'server.no-such-thing = 2',
  varnish: 'set beresp.no_such_thing = true;',
  nghttpx: '--no-such-thing=1h',
  h2o: 'no.such.thing: 1',
};

describe('a line that mends something', { concurrency: 4 }, () => {
  for (const product of PRODUCTS) {
    const { id, name, causes } = product;
    const check = CHECKS[id];
    if (check === undefined) continue;
    const proxy = runnable(name);
    test(`is understood by ${proxy.name}, where it says that it goes`, {
      skip: missingProxy(proxy),
    }, async () => {
      const fixes = causes.flatMap((cause) => cause.fixes);
      for (const { line, where = name } of fixes) {
        if (ELSEWHERE.has(where) || INSTRUCTION.test(line)) continue;
        const put = check.places[where];
        assert.ok(put, `${id}: no place ${where} for ${line}`);
        const refusal = await refusalOf(proxy, check, put, line);
        assert.equal(refusal, undefined, `${line}\n${refusal}`);
      }
    });
    test(`is taken by ${proxy.name} a second time, or refused, as it says`, {
      skip: missingProxy(proxy),
    }, async () => {
      for (const fix of causes.flatMap((cause) => cause.fixes)) {
        const { twice } = siteOf(product, fix);
        const put = check.places[fix.where ?? name];
        if (twice === undefined || put === undefined) continue;
        const refusal = await refusalOf(proxy, check, put, `${fix.line}\n${fix.line}`);
        assert.equal(refusal !== undefined, twice === 'refused', `${fix.line}\n${refusal}`);
      }
    });
    test(`is refused by ${proxy.name} where it is nonsense`, { skip: missingProxy(proxy) }, async () => {
      const [put] = Object.values(check.places).slice(-1);
      assert.ok(put);
      assert.ok(await refusalOf(proxy, check, put, NONSENSE[id] ?? 'no_such_thing on;'));
    });
  }
});

function runnable(name: string): ProxyProduct {
  const proxy = products.find((each) => name.startsWith(each.name));
  assert.ok(proxy, name);
  return proxy;
}

/** What a product says against its configuration with that line in it; nothing where it takes it. */
async function refusalOf(
  { program, configs }: ProxyProduct,
  check: ConfigurationCheck,
  put: (text: string, line: string) => string,
  line: string,
): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), `ssekit-${program}-`));
  try {
    // Many give up root's rights, and then write there.
    chmodSync(folder, 0o777);
    const place = { folder, configPath: join(folder, 'config'), port: 20_000, originPort: 8080 };
    writeFileSync(place.configPath, put(configs.default?.text(place) ?? '', line));
    const child = spawn(program, check.args(place, line), {
      cwd: folder,
      env: { PATH: [process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter), HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    const [code] = (await once(child, 'close')) as [number | null];
    return code === 0 && !check.complaint?.test(said) ? undefined : `${program} ended with ${code}: ${said}`;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
