import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Observation } from '../../../src/checks/observation/observation.ts';
import { type Directly, noUpstream } from '../../../src/checks/passive/no-upstream.ts';
import type { HeaderPair } from '../../../src/client/records.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { stream } from './streams.ts';

const HAPROXY =
  "<html><body><h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.\n</body></html>\n";
const NGINX: HeaderPair = ['Server', 'nginx/1.22.1'];
const URL_ASKED = 'http://proxy.example/events?topic=1';

function answered(status: number, headMs: number, text = '', ...headers: HeaderPair[]): Observation {
  const seen = stream({ headMs, headers, endMs: headMs });
  return { ...seen, ...(seen.head && { head: { ...seen.head, status } }), body: Buffer.from(text) };
}

const told = (seen: Observation, says?: Directly['says'], headMs?: number) =>
  noUpstream(
    seen,
    requestOf(URL_ASKED),
    says === undefined
      ? undefined
      : { url: new URL('http://10.0.0.5:3000/events'), says, ...(headMs !== undefined && { headMs }) },
  );

describe('a proxy that has no answer of the application', () => {
  test('says how long it has waited, what mends it, and what to run next', () => {
    const { what = '', hint = '' } = told(answered(504, 8_000, HAPROXY)) ?? {};
    assert.match(what, /^ after 8\.00 s: a proxy waited so long .* gave up \(idle\.cut-before-headers\)$/);
    assert.match(
      hint,
      /^Raise the limit of HAProxy, defaults: timeout client 1h, timeout server 1h; or have /,
    );
    assert.match(hint, /headers and a comment at once, .*, and from then on a comment every 2 s \(Node: /);
    assert.match(hint, /--explain idle\.cut-before-headers/);
    assert.ok(
      hint.endsWith(
        ": ssekit check-proxy 'http://proxy.example/events?topic=1' --direct 'http://HOST:PORT/events?topic=1'",
      ),
      hint,
    );
  });

  test('is told by its name, too, and gives up with 502 and 503', () => {
    assert.match(
      told(answered(504, 60_000, '<html>', NGINX))?.hint ?? '',
      /limit of nginx: .*proxy_read_timeout 1h/,
    );
    assert.match(told(answered(502, 30_000, 'bad gateway'))?.what ?? '', /waited so long/);
    assert.match(told(answered(502, 60_000, '<html>', NGINX))?.what ?? '', /a proxy has no answer of/);
    assert.match(told(answered(503, 61_000))?.hint ?? '', /or raise the limit of the proxy \(more/);
  });

  test('at once is asked for whether the application is there', () => {
    const at = told(answered(502, 2, '<html>', NGINX));
    assert.match(at?.what ?? '', /^ after 2 ms: a proxy has no answer of your application$/);
    assert.match(at?.hint ?? '', /^Is your application running, where the proxy forwards to\? .* --direct '/);
    assert.match(told(answered(503, 3_000))?.what ?? '', /or the application itself says so$/);
  });

  test('says what the direct way tells', () => {
    const hint = (says: Directly['says'], ms = 2) => told(answered(502, ms), says)?.hint ?? '';
    assert.match(
      hint('a stream'),
      /^Your application is running: does the proxy forward to 10\.0\.0\.5:3000\?/,
    );
    assert.match(hint('not there'), /^Is your application running at 10\.0\.0\.5:3000\?/);
    assert.match(hint('silent', 9_000), /Then look again: .* --direct 'http:\/\/10\.0\.0\.5:3000\/events'$/);
    assert.match(
      told(answered(504, 9_000), 'silent')?.what ?? '',
      /; directly none had come by then, either$/,
    );
    assert.match(hint('a stream', 9_000), /^Directly it came: (raise the limit|have the application)/);
  });

  test('has waited for more than headers that come at once directly', () => {
    const { what = '', hint = '' } = told(answered(504, 700, HAPROXY), 'a stream', 4) ?? {};
    assert.match(what, /^ after 700 ms: directly the headers come after 4 ms, .* \(buffer\.until-end\)$/);
    assert.match(
      hint,
      /^Does the proxy forward to 10\.0\.0\.5:3000\?.* take out http-response wait-for-body; /,
    );
    assert.match(
      told(answered(504, 700, HAPROXY), 'a stream', 650)?.what ?? '',
      /waited so long for the headers/,
    );
  });

  test('is not who answers anything else', () => {
    assert.equal(told(answered(500, 9_000)), undefined);
    assert.equal(told(stream({ headMs: null })), undefined);
  });
});
