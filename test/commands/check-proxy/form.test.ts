import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkForm } from '../../../src/commands/check-proxy/form.ts';

const origin = { host: '127.0.0.1', port: 9000 };
const remoteOrigin = new URL('http://10.0.0.5:9000/');

describe('what is checked', () => {
  it('is a proxy in front of an origin of ours', () => {
    const form = checkForm([':8080/events'], { origin });
    assert.deepEqual(form, {
      kind: 'own-origin',
      target: { kind: 'http', url: new URL('http://localhost:8080/events') },
      origin,
    });
    assert.equal(checkForm([], { url: [':8080'], origin }).kind, 'own-origin');
  });

  it('is a proxy in front of an origin on another machine', () => {
    assert.deepEqual(checkForm([':8080/events'], { remoteOrigin }), {
      kind: 'remote-origin',
      target: { kind: 'http', url: new URL('http://localhost:8080/events') },
      origin: remoteOrigin,
    });
  });

  it('is the embedded proxy, which has an origin of its own', () => {
    assert.deepEqual(checkForm(['demo:/x'], {}), { kind: 'demo', path: '/x' });
    assert.throws(() => checkForm(['demo:'], { origin }), /--origin: demo: has an origin of its own/);
  });

  it("is a stream of somebody else's where there is no origin, past the proxy, too, where that is known", () => {
    const target = { kind: 'http', url: new URL('http://localhost:8080/events') };
    assert.deepEqual(checkForm([':8080/events'], {}), { kind: 'passive', target });
    const { direct } = checkForm([':8080/events'], { direct: ':3000/events' }) as { direct?: { url: URL } };
    assert.equal(direct?.url.href, 'http://localhost:3000/events');
  });

  it('is told where something is missing, or too much', () => {
    const refused = (words: string[], flags: object, message: RegExp) =>
      assert.throws(() => checkForm(words, flags), message);
    refused([], {}, /the URL is missing/);
    refused([':1', ':2'], { origin }, /there is a URL too many/);
    refused(['-'], { origin }, /standard input/);
    refused([':8080'], { origin, remoteOrigin }, /--origin and --remote-origin: the proxy has one origin/);
    refused(['demo:'], { remoteOrigin }, /--remote-origin: demo: has an origin of its own/);
    refused([':8080'], { origin, probeToken: { token: 'x' } }, /--probe-token: .*--remote-origin is missing/);
    refused([':8080'], { origin, direct: ':1' }, /--direct: with --origin the direct way is known/);
    refused([':8080'], { remoteOrigin, direct: ':1' }, /--direct: with --remote-origin the direct way/);
    refused([':8080'], { remoteOrigin, maxConnections: 2 }, /--max-connections: .* at least 3 are needed/);
    refused(['demo:'], { direct: ':1' }, /--direct: demo: has a direct way of its own/);
    refused(['demo:'], { proxyIs: ['nginx'] }, /--proxy-is: demo: has a proxy of its own/);
    refused([':8080'], { direct: 'demo:' }, /--direct: "demo:" is no URL of a stream/);
  });
});
