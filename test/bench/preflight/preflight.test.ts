import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CheckId } from '../../../src/bench/preflight/check.ts';
import type { Machine } from '../../../src/bench/preflight/machine.ts';
import { decided, preflight } from '../../../src/bench/preflight/preflight.ts';
import { arriving, type Changes, held, machineWith } from './made-up.ts';

const REMOTE = { urls: ['http://example.test/'] };

type Asked = ReturnType<typeof held>;

function judge([options, plan]: Asked, machine?: Partial<Machine>) {
  const result = preflight(options, plan, machineWith(machine));
  const check = (id: CheckId) => {
    const found = result.checks.find((each) => each.id === id);
    assert.ok(found, `no check of ${id} among ${result.checks.map((each) => each.id).join(', ')}`);
    return found;
  };
  return { ...result, check, workers: result.decisions.workers, sources: result.decisions.localAddresses };
}

describe('the number of workers', () => {
  const cases: [title: string, asked: Asked, machine: Partial<Machine>, workers: number][] = [
    ['is one for a small load', held(50), { cores: 16 }, 1],
    ['grows with the streams', held(2_000, REMOTE), { cores: 16 }, 4],
    [
      'grows with the starts in a second',
      arriving(2_000, { ...REMOTE, life: { forMs: 10 } }),
      { cores: 16 },
      2,
    ],
    ['is not more than the cores', held(5_000, REMOTE), {}, 2],
    ['leaves a core to a server on the same machine', held(5_000), {}, 1],
    ['is what the open files ask for, beyond the cores', held(90_000), {}, 6],
    [
      'counts connections there, of which HTTP/2 needs few',
      held(90_000, { streamsPerConnection: 100 }),
      {},
      1,
    ],
    ['ends at 64', held(2_000_000), {}, 64],
    ['is what was asked for', held(50, { workers: 7 }), {}, 7],
  ];
  for (const [title, asked, machine, workers] of cases) {
    test(title, () => assert.equal(judge(asked, machine).workers, workers));
  }
});

describe('open files', () => {
  test('suffice where each worker has room for its streams', () => {
    const { check, refusals } = judge(held(19_000));
    assert.deepEqual(refusals, []);
    assert.equal(check('descriptors').status, 'ok');
    assert.equal(check('descriptors').need, 9_550);
    assert.equal(check('descriptors').have, 20_000);
  });

  test('refuse a run with too few workers, and tell how many are enough', () => {
    const { refusals } = judge(held(90_000, { workers: 2 }));
    const [reason] = refusals;
    assert.equal(reason?.code, 'machine-limits');
    assert.equal(reason?.figure, 45_050);
    assert.equal(reason?.limit, 20_000);
    assert.match(reason?.remedy ?? '', /--workers 6\b.*ulimit -n 45050/);
    assert.deepEqual(judge(held(90_000, { workers: 6 })).refusals, []);
  });

  test('refuse what 64 workers can not hold', () => {
    const { refusals } = judge(held(2_000_000), { memory: 1e12 });
    assert.deepEqual(
      refusals.map(({ remedy }) => remedy),
      ['spread the load over several machines; or raise the limit of a process: ulimit -n 31300'],
    );
  });

  test('are only noted where the streams may end before they are all open', () => {
    const changes: Changes = {
      workers: 1,
      reconnect: { mode: 'none', retryDelayMs: 0, retryMaxMs: 0, jitter: 0 },
    };
    assert.equal(judge(arriving(1_000, changes)).check('descriptors').status, 'note');
    assert.equal(judge(arriving(1_000, { workers: 1 })).check('descriptors').status, 'refused');
  });

  test('are not checked where the system does not tell of them', () => {
    const { openFiles: _, ...silent } = machineWith();
    const [options, plan] = held(90_000);
    const { checks, refusals } = preflight(options, plan, silent);
    assert.equal(checks.find(({ id }) => id === 'descriptors')?.status, 'not-checked');
    assert.deepEqual(refusals, []);
  });

  test('are needed for streams that are open at the same time, not for all that start', () => {
    const { check } = judge(arriving(1_000, { life: { forMs: 500 }, workers: 1 }));
    assert.equal(check('descriptors').need, 550);
  });
});

describe('source addresses for a server in 127.0.0.0/8', () => {
  test('are left to the kernel for few streams', () => {
    assert.equal(judge(held(5_000)).sources, undefined);
  });

  test('are chosen for more, 5,000 streams each', () => {
    const { sources, check } = judge(held(18_000));
    assert.equal(sources?.length, 4);
    assert.equal(check('ports').need, 4_500);
    assert.equal(check('ports').status, 'ok');
  });

  test('go into the options that workers are told', () => {
    const [options, plan] = held(18_000);
    const result = preflight(options, plan, machineWith());
    const told = decided(options, result);
    assert.equal(told.localAddresses, result.decisions.localAddresses);
    assert.equal(told.workers, 2);
  });

  test('allow for the ports that closed connections keep for a minute', () => {
    // 2,000 starts a second for 30 s: 60,000 ports, however short the streams are.
    const { sources } = judge(arriving(2_000, { life: { forMs: 100 } }));
    assert.equal(sources?.length, Math.ceil((60_000 + 200) / 5_000));
  });

  test('are chosen for localhost only where 127.0.0.1 answers', () => {
    const local = { urls: ['http://localhost:3000/'] };
    assert.equal(judge(held(18_000, local)).sources, undefined);
    assert.equal(judge(held(18_000, local), { answersIpv4: new Set(['localhost:3000']) }).sources?.length, 4);
    const four = { ...local, connection: { family: 4 } } as const;
    assert.equal(judge(held(18_000, four)).sources?.length, 4);
  });

  const left: [title: string, changes: Changes, machine: Partial<Machine>][] = [
    ['where the system has only 127.0.0.1', {}, { loopbackSources: false }],
    ['where a server is elsewhere', REMOTE, {}],
    ['where one of two is elsewhere', { urls: ['http://127.0.0.1:3000/', 'http://example.test/'] }, {}],
    ['where the server has only ::1', { urls: ['http://[::1]:3000/'] }, {}],
    [
      'where the way goes through a proxy elsewhere',
      { connection: { proxy: { http: 'http://example.test:81', noProxy: [] } } },
      {},
    ],
  ];
  for (const [title, changes, machine] of left) {
    test(`are left alone ${title}`, () =>
      assert.equal(judge(held(18_000, changes), machine).sources, undefined));
  }

  test('are those that the user names', () => {
    const localAddresses = ['127.0.0.5', '127.0.0.6'];
    assert.equal(judge(held(18_000, { localAddresses })).sources, localAddresses);
  });
});

describe('local ports', () => {
  const cases: [title: string, asked: Asked, status: string, need: number][] = [
    ['suffice up to half of the range', held(14_000, REMOTE), 'ok', 14_000],
    ['are slow to find beyond that', held(14_200, REMOTE), 'note', 14_200],
    ['are slow to find until the last', held(28_232, REMOTE), 'note', 28_232],
    ['refuse more than there are', held(28_233, REMOTE), 'refused', 28_233],
    [
      'are counted for each of several URLs',
      held(28_000, { urls: ['http://example.test/', 'http://example.test:81/'] }),
      'ok',
      14_000,
    ],
    [
      'are counted once for two URLs of one server',
      held(28_300, { urls: ['http://example.test/a', 'http://example.test/b'] }),
      'refused',
      28_300,
    ],
    [
      'are counted by the fullest server',
      held(30_000, { urls: ['http://example.test/a', 'http://example.test/b', 'http://example.test:81/'] }),
      'note',
      20_000,
    ],
    [
      'of each source address are shared by all servers',
      held(60_000, {
        urls: ['http://example.test/', 'http://example.test:81/'],
        localAddresses: ['203.0.113.1', '203.0.113.2'],
      }),
      'refused',
      30_000,
    ],
    [
      'of a crowded source address are slow to find',
      held(13_000, { ...REMOTE, localAddresses: ['203.0.113.1', '203.0.113.2'] }),
      'note',
      6_500,
    ],
    [
      'are one for many streams over HTTP/2',
      held(60_000, { ...REMOTE, streamsPerConnection: 50 }),
      'ok',
      1_200,
    ],
    [
      'are not needed for a unix socket',
      held(60_000, { connection: { unixSocket: '/run/server' } }),
      'ok',
      0,
    ],
  ];
  for (const [title, asked, status, need] of cases) {
    test(title, () => {
      const ports = judge(asked).check('ports');
      assert.equal(ports.status, status, ports.message);
      assert.equal(ports.need, need);
    });
  }

  test('that are refused have a remedy that works', () => {
    const [reason] = judge(held(60_000, REMOTE)).refusals;
    assert.match(reason?.message ?? '', /60,000 connections to example\.test:80 .* 28,232/);
    assert.match(reason?.remedy ?? '', /12 addresses .* or 5 URLs/);
    const localAddresses = Array.from({ length: 12 }, (_, index) => `203.0.113.${index + 8}`);
    assert.deepEqual(judge(held(60_000, { ...REMOTE, localAddresses })).refusals, []);
    const urls = Array.from({ length: 5 }, (_, index) => `http://example.test:${index + 90}/`);
    assert.equal(judge(held(60_000, { urls })).check('ports').status, 'ok');
  });

  test('that closed connections keep are noted: the server may close first', () => {
    const finite = (changes: Changes) =>
      arriving(1_000, { ...changes, life: { forMs: 100 }, durationMs: 60_000 });
    const remote = judge(finite(REMOTE)).check('ports');
    assert.equal(remote.status, 'note');
    assert.equal(remote.need, 60_100);
    assert.match(remote.message, /60 s/);
    assert.equal(judge(finite(REMOTE), { timeWaitReuse: 'always' }).check('ports').status, 'ok');
    // Of the longest minute of a longer run.
    const long = arriving(100, { ...REMOTE, life: { forMs: 100 }, durationMs: 600_000 });
    assert.equal(judge(long).check('ports').need, 6_010);
  });

  test('count the closed connections of slots that reopen, of those who leave, and of a storm', () => {
    const need = (changes: Changes) => judge(held(1_000, { ...REMOTE, ...changes })).check('ports').need;
    assert.equal(need({ life: { forMs: 3_000 } }), 1_000 + 10_000);
    assert.equal(need({ behaviour: { cancel: { share: 0.5, afterMs: 3_000 } } }), 1_000 + 5_000);
    assert.equal(need({ behaviour: { drop: { atMs: 9_000, share: 0.25 } } }), 1_250);
  });

  test('are not judged where the system does not tell of them', () => {
    const { ports: _, ...silent } = machineWith();
    const [options, plan] = held(60_000, REMOTE);
    const { checks, refusals } = preflight(options, plan, silent);
    assert.equal(checks.find(({ id }) => id === 'ports')?.status, 'not-checked');
    assert.deepEqual(refusals, []);
  });

  test('of ::1 alone are refused with the way around it', () => {
    const [reason] = judge(held(30_000, { urls: ['http://[::1]:3000/'] })).refusals;
    assert.match(reason?.remedy ?? '', /http:\/\/127\.0\.0\.1:3000/);
  });
});

describe('source addresses that the user names', () => {
  const refused: [
    title: string,
    changes: Changes,
    machine: Partial<Machine>,
    message: RegExp,
    remedy: RegExp,
  ][] = [
    [
      'that the machine does not have',
      { ...REMOTE, localAddresses: ['203.0.113.1', '203.0.113.9'] },
      { unusable: [{ address: '203.0.113.9', code: 'EADDRNOTAVAIL' }] },
      /^203\.0\.113\.9 is no address of this machine$/,
      /^ip addr add 203\.0\.113\.9\/32 dev eth7$/,
    ],
    [
      'of another family than the server',
      { urls: ['http://six.test/'], localAddresses: ['203.0.113.1'] },
      {},
      /IPv4 .* six\.test:80 has none/,
      /IPv6/,
    ],
    [
      'that reach this machine alone',
      { ...REMOTE, localAddresses: ['127.0.0.2'] },
      {},
      /127\.0\.0\.2 reaches/,
      /eth7/,
    ],
  ];
  for (const [title, changes, machine, message, remedy] of refused) {
    test(`are refused ${title}`, () => {
      const [reason] = judge(held(50, changes), machine).refusals;
      assert.match(reason?.message ?? '', message);
      assert.match(reason?.remedy ?? '', remedy);
    });
  }

  test('may be of either family where the server has both', () => {
    const both = { urls: ['http://localhost:3000/'], localAddresses: ['127.0.0.2', '::1'] };
    assert.deepEqual(judge(held(50, both)).refusals, []);
  });
});

describe('memory', () => {
  test('is counted by streams and workers', () => {
    const memory = judge(held(10_000)).check('memory');
    assert.equal(memory.need, 10_000 * 16_384 + 60 * 1024 ** 2);
    assert.equal(memory.status, 'ok');
  });

  test('is needed by TLS on each connection', () => {
    const secure = (changes: Changes) =>
      judge(held(1_000, { ...changes, urls: ['https://127.0.0.1:3000/'] })).check('memory').need;
    assert.equal(secure({}), 1_000 * 65_536 + 60 * 1024 ** 2);
    assert.equal(secure({ streamsPerConnection: 100 }), 1_000 * 16_384 + 10 * 49_152 + 60 * 1024 ** 2);
  });

  test('that is almost used up is noted; more than there is, refused', () => {
    assert.equal(judge(held(10_000), { memory: 250e6 }).check('memory').status, 'note');
    assert.equal(judge(held(10_000), { memory: 200e6 }).refusals[0]?.unit, 'bytes');
  });
});

describe('what a server on this machine lives with', () => {
  test('is told beside what the load takes', () => {
    assert.match(judge(held(50)).check('cpu').message, /server runs on them too/);
    assert.match(judge(held(50)).check('memory').message, /server needs its own/);
    assert.doesNotMatch(judge(held(50, REMOTE)).check('cpu').message, /server/);
  });

  test('is a limit of open files too', () => {
    const { check, refusals } = judge(held(30_000));
    assert.equal(check('target-cap').status, 'note');
    assert.deepEqual(refusals, []);
    assert.throws(() => judge(held(30_000, REMOTE)).check('target-cap'));
  });
});

describe('processors', () => {
  test('are noted where starts come faster than they can make them', () => {
    const fast = judge(arriving(9_000, { ...REMOTE, life: { forMs: 10 } })).check('cpu');
    assert.equal(fast.status, 'note');
    assert.equal(fast.need, 5);
    assert.match(
      judge(arriving(3_000, { ...REMOTE, workers: 1, durationMs: 1_000 })).check('cpu').remedy,
      /--workers 2/,
    );
  });

  test('are noted where so many streams want more of them than there are, should events come', () => {
    const slowly: Changes = {
      load: { model: 'closed', connections: 200_000, rampUpMs: 200_000 },
      durationMs: 300_000,
    };
    const { refusals, check } = judge(held(200_000, slowly));
    assert.ok(refusals.every(({ unit }) => unit !== 'cores'));
    const many = check('cpu');
    assert.equal(many.status, 'note');
    // 1,000 starts a second want a quarter of one, an event a second on each stream 3; the server wants as much.
    assert.equal(many.need, 7);
    assert.match(many.message, /each of 200,000 streams take about 7 cores, with the server on this machine/);
    assert.match(many.remedy, /^the server on another machine/);
    const remote = { ...REMOTE, ...slowly };
    assert.equal(judge(held(200_000, remote), { cores: 3 }).check('cpu').need, 4);
    assert.equal(judge(held(200_000, remote), { cores: 4 }).check('cpu').status, 'ok');
    assert.equal(judge(held(18_000)).check('cpu').status, 'ok');
    // How many of them will be open is not known.
    const finite = arriving(1_000, { ...REMOTE, life: { maxEvents: 1 }, durationMs: 600_000 });
    assert.equal(judge(finite).check('cpu').status, 'ok');
  });

  test('are noted where more workers were asked for than there are cores', () => {
    assert.equal(judge(held(50, { workers: 8 })).check('cpu').status, 'note');
    assert.equal(judge(held(50, { workers: 2 })).check('cpu').status, 'ok');
  });
});
