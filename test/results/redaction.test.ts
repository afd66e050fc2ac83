import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isCredentialHeader, maskHeaders, maskUrl } from '../../src/results/redaction.ts';

describe('headers', () => {
  it('are credentials by their name', () => {
    for (const name of [
      'Authorization',
      'cookie',
      'Set-Cookie',
      'Proxy-Authorization',
      'X-API-Key',
      'X-Auth-Token',
      'X-Session-Id',
      'client-secret',
    ]) {
      assert.ok(isCredentialHeader(name), name);
    }
    for (const name of [
      'Accept',
      'Last-Event-ID',
      'WWW-Authenticate',
      'Content-Type',
      ':authority',
      'X-Request-Id',
    ]) {
      assert.ok(!isCredentialHeader(name), name);
    }
  });

  it('lose their secrets and nothing else', () => {
    assert.deepEqual(
      maskHeaders([
        ['Authorization', 'Bearer abc'],
        ['Accept', 'text/event-stream'],
        ['Location', 'https://u:p@h/?token=abc'],
      ]),
      [
        ['Authorization', '•••'],
        ['Accept', 'text/event-stream'],
        ['Location', 'https://u:•••@h/?token=•••'],
      ],
    );
  });
});

describe('URLs', () => {
  const masked: Record<string, string> = {
    'https://user:pw@host/path': 'https://user:•••@host/path',
    'https://user:p@ss@host/': 'https://user:•••@host/',
    'https://ghp_token@host/': 'https://•••@host/',
    'https://:pw@host/': 'https://:•••@host/',
    '//user:pw@host/': '//user:•••@host/',
    'http://h/?token=abc&x=1&access_token=def#y': 'http://h/?token=•••&x=1&access_token=•••#y',
    'http://h/?API_KEY=a&api-key=b&apiKey=c&key=d': 'http://h/?API_KEY=•••&api-key=•••&apiKey=•••&key=•••',
    'http://h/?%74oken=abc': 'http://h/?%74oken=•••',
    'http://h/#access_token=abc&state=1': 'http://h/#access_token=•••&state=1',
    '/events?token=abc': '/events?token=•••',
  };
  for (const [url, safe] of Object.entries(masked)) {
    it(`shows ${safe}`, () => assert.equal(maskUrl(url), safe));
  }

  it('without secrets stay as they are', () => {
    for (const url of [
      'https://host/a@b/?max_tokens=5&keyword=x&monkey=1&q=a@b',
      'http://localhost:4000/events?channel=a&channel=b',
      'http://h/?token=',
      'http://h/?token',
      'demo:',
      '',
    ]) {
      assert.equal(maskUrl(url), url);
    }
  });

  it('are masked even where they are no valid URLs', () => {
    assert.equal(maskUrl('http://user:pa/ss@host/e?token=abc'), 'http://user:•••@host/e?token=•••');
    assert.equal(maskUrl('http://us er:pw@ho st/?token=%zz'), 'http://us er:•••@ho st/?token=•••');
    assert.equal(maskUrl('http://[bad/?%zz=1&token=abc'), 'http://[bad/?%zz=1&token=•••');
  });

  it('never show a password or token, wherever it stands', () => {
    const secret = fc.stringMatching(/^[A-Z0-9]{12}$/);
    const part = fc.webPath();
    fc.assert(
      fc.property(secret, part, fc.constantFrom('token', 'access_token', 'api_key'), (value, path, name) => {
        assert.ok(!maskUrl(`https://user:${value}@example.com${path}`).includes(value));
        assert.ok(!maskUrl(`https://example.com${path}?a=1&${name}=${value}&b=2`).includes(value));
      }),
    );
  });
});
