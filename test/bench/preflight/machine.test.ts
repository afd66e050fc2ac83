import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { openFilesIn, portsIn, readMachine } from '../../../src/bench/preflight/machine.ts';
import { availableMemory } from '../../../src/bench/preflight/memory-limit.ts';
import { listen } from '../../e2e/harness/listening.ts';
import { held } from './made-up.ts';

const linux = process.platform === 'linux';

describe('this machine', () => {
  test('tells what it has', { skip: !linux && 'reads /proc' }, async () => {
    const [options] = held(1);
    const machine = await readMachine(options, 'none');
    assert.ok(machine.cores >= 1);
    assert.ok((machine.openFiles ?? 0) >= 256);
    assert.ok((machine.ports ?? 0) > 1_000);
    assert.ok(machine.memory > 1e6);
    assert.equal(machine.loopbackSources, true);
    assert.deepEqual(machine.addresses.get('127.0.0.1:3000'), ['127.0.0.1']);
    assert.deepEqual(machine.unusable, []);
  });

  test('tells which source addresses it lacks, with the reason', async () => {
    // TEST-NET-3 (RFC 5737) belongs to nobody.
    const [options] = held(1, { localAddresses: ['127.0.0.1', '203.0.113.9'] });
    const { unusable } = await readMachine(options, 'none');
    assert.deepEqual(unusable, [{ address: '203.0.113.9', code: 'EADDRNOTAVAIL' }]);
  });

  test('tries the first and the last of many source addresses', async () => {
    const many = Array.from({ length: 300 }, () => '127.0.0.1');
    const [options] = held(1, { localAddresses: ['203.0.113.8', ...many, '203.0.113.9'] });
    const { unusable } = await readMachine(options, 'none');
    assert.deepEqual(
      unusable.map(({ address }) => address),
      ['203.0.113.8', '203.0.113.9'],
    );
  });

  test('asks 127.0.0.1 of a name with both families, only where connections are allowed', async (t) => {
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket.on('error', () => {}).end();
    });
    const { port } = await listen(t, server);
    const both = {
      urls: [`http://both.test:${port}/`],
      connection: { resolve: [{ host: '*', port: '*', addresses: ['::1', '127.0.0.1'] }] },
    };
    const [options] = held(1, both);
    assert.equal((await readMachine(options, 'none')).answersIpv4.size, 0);
    assert.deepEqual([...(await readMachine(options, 'allowed')).answersIpv4], [`both.test:${port}`]);
    assert.equal(connections, 1);
  });

  test('does not take a port without a server for one that answers', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const [options] = held(1, {
      urls: [`http://both.test:${port}/`],
      connection: { resolve: [{ host: '*', port: '*', addresses: ['::1', '127.0.0.1'] }] },
    });
    assert.equal((await readMachine(options, 'allowed')).answersIpv4.size, 0);
  });
});

describe('what the system writes', () => {
  test('of open files is the limit in force', () => {
    const line = 'Max open files            1024                 524288               files     ';
    assert.equal(openFilesIn(`Limit Soft Limit Hard Limit Units\n${line}\n`), 1024);
    assert.equal(openFilesIn(''), undefined);
  });

  test('of ports is a range, both ends in it', () => {
    assert.equal(portsIn('32768\t60999\n'), 28_232);
    assert.equal(portsIn(''), undefined);
  });
});

describe('available memory', () => {
  const MEMINFO = 'MemTotal: 2000 kB\nMemAvailable:   1000 kB\n';
  const of = (files: Record<string, string>) => availableMemory((path) => Promise.resolve(files[path]));

  test('is what the machine has', async () => {
    assert.equal(await of({ '/proc/meminfo': MEMINFO, '/proc/self/cgroup': '0::/\n' }), 1_024_000);
  });

  test('is what the group leaves, the file cache not counted', async () => {
    const files = {
      '/proc/meminfo': MEMINFO,
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/a/b/memory.max': '500000\n',
      '/sys/fs/cgroup/a/b/memory.current': '200000\n',
      '/sys/fs/cgroup/a/b/memory.stat': 'anon 1\ninactive_file 50000\n',
      '/sys/fs/cgroup/a/memory.max': 'max\n',
    };
    assert.equal(await of(files), 350_000);
  });

  test('is what a group further up leaves', async () => {
    const files = {
      '/proc/meminfo': MEMINFO,
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/a/b/memory.max': '900000\n',
      '/sys/fs/cgroup/a/memory.max': '300000\n',
    };
    assert.equal(await of(files), 300_000);
  });

  test('knows groups of version 1', async () => {
    const files = {
      '/proc/meminfo': MEMINFO,
      '/proc/self/cgroup': '5:cpu,cpuacct:/x\n4:memory:/job\n',
      '/sys/fs/cgroup/memory/job/memory.limit_in_bytes': '400000\n',
      '/sys/fs/cgroup/memory/job/memory.usage_in_bytes': '100000\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    };
    assert.equal(await of(files), 300_000);
  });

  test('is unknown on a system without such files', async () => assert.equal(await of({}), undefined));
});
