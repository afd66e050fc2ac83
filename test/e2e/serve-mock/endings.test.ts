import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RawHttp2Client } from '../../mock/wire/http2-client.ts';
import { RawClient } from '../../mock/wire/raw-client.ts';
import { tail } from '../harness/command.ts';
import { startMock } from '../harness/mock.ts';
import { endings, ids, recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';

const TICKS = ['--count', '3', '--interval', '5ms'];
const INTERNAL_ERROR = 2;

const CARRIERS: { title: string; serve: string[]; listen: string[]; http: string }[] = [
  { title: 'HTTP/1.1', serve: [], listen: [], http: '1.1' },
  { title: 'HTTP/1.1 over TLS', serve: ['--tls'], listen: ['-k'], http: '1.1' },
  { title: 'HTTP/2 in the clear', serve: ['--http2'], listen: ['--http2-prior-knowledge'], http: '2' },
  { title: 'HTTP/2 over TLS', serve: ['--tls', '--http2'], listen: ['-k', '--http2'], http: '2' },
  { title: 'HTTP/1.1 beside HTTP/2', serve: ['--tls', '--http2'], listen: ['-k', '--http1.1'], http: '1.1' },
];

const ENDINGS = [
  { title: 'in order', fault: '', code: 0, reason: 'eof', seen: ['1', '2', '3'] },
  {
    title: 'with the transfer unfinished',
    fault: 'no-terminator@2',
    code: 18,
    reason: 'truncated',
    seen: ['1', '2'],
  },
  { title: 'with a reset', fault: 'reset@2', code: 56, reason: 'reset', seen: ['1', '2'] },
];

for (const { title: carrier, serve, listen, http } of CARRIERS) {
  describe(`listen sees how a stream of serve-mock ends over ${carrier}`, () => {
    for (const { title, fault, code, reason, seen } of ENDINGS) {
      test(`${title}: ${code}`, async (t) => {
        const { url } = await startMock(t, ...TICKS, ...serve);
        const query = fault === '' ? '' : `?fault=${fault}`;
        const outcome = await tail(`${url}${query}`, ...listen, '--format', 'ndjson');
        assert.equal(outcome.code, code, outcome.stderr);
        assert.deepEqual(endings(outcome), [reason]);
        assert.deepEqual(ids(outcome), seen);
        assert.equal(recordsOfType(outcome, 'open')[0]?.http, http);
      });
    }
  });
}

for (const flags of [[], ['--tls']]) {
  describe(`a client on the wire of serve-mock ${flags.join(' ') || 'in the clear'}`, () => {
    test('is reset with RST, twenty times of twenty', async (t) => {
      const { url } = await startMock(t, ...TICKS, ...flags);
      const clients = Array.from({ length: 20 }, () => new RawClient(url).get('/?fault=reset@2'));
      const seen = await Promise.all(clients.map((client) => client.ended()));
      assert.deepEqual(
        seen,
        clients.map(() => 'ECONNRESET'),
      );
      for (const client of clients) assert.match(client.text, /\nid: 2\ndata: .*\n\n\r\n$/);
    });

    test('sees FIN where the transfer is left unfinished, and the last chunk where it is not', async (t) => {
      const { url } = await startMock(t, ...TICKS, ...flags);
      const cut = new RawClient(url).get('/?fault=no-terminator@2');
      const whole = new RawClient(url).get('/', { Connection: 'close' });
      const old = new RawClient(url).get('/', {}, '1.0');
      for (const client of [cut, whole, old]) assert.equal(await client.ended(), 'fin');
      assert.match(cut.text, /\nid: 2\ndata: .*\n\n\r\n$/);
      assert.match(whole.text, /\nid: 3\ndata: .*\n\n\r\n0\r\n\r\n$/);
      assert.match(old.text, /\nid: 3\ndata: .*\n\n$/);
      for (const client of [cut, whole, old]) client.leave();
    });
  });
}

test('a client of HTTP/2 on the wire of serve-mock sees END_STREAM, RST_STREAM or the end of the connection', async (t) => {
  const { url } = await startMock(t, ...TICKS, '--tls', '--http2');
  const client = new RawHttp2Client(url);
  const [whole, reset] = [client.get('/'), client.get('/?fault=reset@2')];
  await until(() => client.ending(whole) !== undefined && client.ending(reset) !== undefined);
  assert.equal(client.ending(whole), 'END_STREAM');
  assert.equal(client.ending(reset), INTERNAL_ERROR);
  const cut = client.get('/?fault=no-terminator@2');
  assert.equal(await client.raw.ended(), 'fin');
  assert.equal(client.ending(cut), undefined);
  assert.match(client.body(cut), /\nid: 2\ndata: .*\n\n$/);
  client.raw.leave();
});
