import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isCredentialHeader, maskBody, maskHeaders, maskUrl } from '../../src/results/redaction.ts';

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

describe('URLs inside headers', () => {
  const masked: readonly [name: string, value: string, safe: string][] = [
    [
      'Link',
      '</a?token=abc>; rel="next", <https://u:p@h/b?x=1&api_key=abc>; rel=prev',
      '</a?token=•••>; rel="next", <https://u:•••@h/b?x=1&api_key=•••>; rel=prev',
    ],
    ['Refresh', '0; url=/?token=abc', '0; url=/?token=•••'],
    ['Refresh', "0; url='https://u:p@h/#access_token=abc'", "0; url='https://u:•••@h/#access_token=•••'"],
    ['Report-To', '{"url":"https://h/?key=abc","max_age":1}', '{"url":"https://h/?key=•••","max_age":1}'],
    ['X-Forwarded-Url', '//ghp_abc@h/', '//•••@h/'],
  ];
  for (const [name, value, safe] of masked) {
    it(`are shown as ${safe}`, () => assert.deepEqual(maskHeaders([[name, value]]), [[name, safe]]));
  }

  it('without secrets stay as they are', () => {
    for (const value of [
      'text/event-stream; charset=utf-8',
      '<https://cdn.example/pkg@1.2/a.js?v=3>; rel=preload',
      "default-src 'self' https://a.example/b@c; report-uri /csp?max_tokens=5",
      'W/"abc"',
      '',
    ]) {
      assert.deepEqual(maskHeaders([['X', value]]), [['X', value]]);
    }
  });

  it('cost no more than their length, whatever a server sends', () => {
    const hostile = ['x', '?a=', '//', '%25', '?a=%25', 'a:', '&', '//a@', '</?token=a>'];
    for (const piece of hostile) {
      const started = performance.now();
      maskHeaders([
        ['X', piece.repeat(300_000 / piece.length)],
        ['Location', `/?a=${piece.repeat(300_000 / piece.length)}`],
      ]);
      // At most half a second; what is quadratic takes minutes.
      assert.ok(performance.now() - started < 10_000, piece);
    }
  });
});

describe('bodies', () => {
  const masked: readonly [body: string, safe: string][] = [
    ['{"user":"me","password":"abc"}', '{"user":"me","password":"•••"}'],
    [
      '{"a":[{"accessToken":"abc","n":1}],"auth":{"x":1}}',
      '{"a":[{"accessToken":"•••","n":1}],"auth":"•••"}',
    ],
    [
      '{"callback":"https://h/?token=abc","password":null}',
      '{"callback":"https://h/?token=•••","password":null}',
    ],
    ['user=me&password=abc&client_secret=abc&q=a+b', 'user=me&password=•••&client_secret=•••&q=a+b'],
    ['next=%2Fx%3Ftoken%3Dabc&q=1', 'next=•••&q=1'],
    ['"abc"', '•••'],
    ['<password>abc</password>', '•••'],
    ['password=abc\nother', '•••'],
    ['', ''],
  ];
  for (const [body, safe] of masked) {
    it(`are shown as ${safe}: ${body}`, () => assert.equal(maskBody(body), safe));
  }
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
    'http://h/?next=/x?token=abc&y=1': 'http://h/?next=/x?token=•••&y=1',
    'http://h/?next=http%3A%2F%2Fh%2F%3Ftoken%3Dabc&y=1': 'http://h/?next=•••&y=1',
    'http://h/?next=http://u:pw@h/&y=1': 'http://h/?next=http://u:•••@h/&y=1',
    'http://h/?token=a?b=c&y=1': 'http://h/?token=•••&y=1',
    'http://h/?access_key=a&pwd=b&X-Amz-Credential=c':
      'http://h/?access_key=•••&pwd=•••&X-Amz-Credential=•••',
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
