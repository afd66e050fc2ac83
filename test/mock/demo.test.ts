import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startDemo } from '../../src/mock/demo.ts';
import { until } from '../e2e/harness/until.ts';

const variants = {
  'from the sources': { path: '../../src/mock/demo.ts', execArgv: ['--import', 'tsx'] },
  'from the build': { path: '../../dist/mock/demo.js', execArgv: [] },
};

describe('the demo server', () => {
  test('serves a stream until it is closed', async () => {
    const demo = await startDemo();
    const { host, hostname } = new URL(demo.url);
    assert.equal(hostname, '127.0.0.1');
    const response = await fetch(demo.url);
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    assert.ok(response.body);
    const { value } = await response.body.getReader().read();
    assert.match(new TextDecoder().decode(value), /^: stream opened/);
    await demo.close();
    assert.equal(await accepts(host), false);
  });

  test('has a process of its own for each start', async () => {
    const [one, two] = await Promise.all([startDemo(), startDemo()]);
    assert.notEqual(one.url, two.url);
    await Promise.all([one.close(), two.close()]);
  });

  for (const [name, { path, execArgv }] of Object.entries(variants)) {
    const startParent = async (body: string): Promise<{ parent: ChildProcess; host: string }> => {
      const url = new URL(path, import.meta.url).href;
      const script = `import { startDemo } from '${url}'; const demo = await startDemo(); ${body}`;
      const parent = spawn(process.execPath, [...execArgv, '--input-type=module', '-e', script], {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      parent.stdout?.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      await until(() => text.includes('\n') || parent.exitCode !== null);
      return { parent, host: new URL(text.trim()).host };
    };

    test(`${name}, ends when its parent is killed`, async () => {
      const { parent, host } = await startParent('console.log(demo.url); setInterval(() => {}, 1e3);');
      assert.equal(await accepts(host), true);
      parent.kill('SIGKILL');
      await until(async () => !(await accepts(host)));
    });

    test(`${name}, does not keep its parent alive and ends with it`, async () => {
      const { parent, host } = await startParent('console.log(demo.url);');
      if (parent.exitCode === null) await once(parent, 'exit');
      assert.equal(parent.exitCode, 0);
      await until(async () => !(await accepts(host)));
    });
  }
});

function accepts(host: string): Promise<boolean> {
  const { port, hostname } = new URL(`http://${host}`);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
