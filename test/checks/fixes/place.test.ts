import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { apache } from '../../../src/checks/fixes/apache.ts';
import type { FixKind, Product } from '../../../src/checks/fixes/cause-kind.ts';
import { haproxy } from '../../../src/checks/fixes/haproxy.ts';
import { lighttpd } from '../../../src/checks/fixes/lighttpd.ts';
import { nghttpx } from '../../../src/checks/fixes/nghttpx.ts';
import { nginx } from '../../../src/checks/fixes/nginx.ts';
import { siteOf } from '../../../src/checks/fixes/place.ts';
import { PRODUCTS } from '../../../src/checks/fixes/products.ts';

/** The fix of that product whose lines contain that text. */
function fixWith(product: Product, text: string): FixKind {
  const fix = product.causes.flatMap(({ fixes }) => fixes).find(({ line }) => line.includes(text));
  assert.ok(fix, text);
  return fix;
}

function siteWith(product: Product, text: string) {
  return siteOf(product, fixWith(product, text));
}

describe('what makes a fix take effect', () => {
  test('is a restart where a reload does not do', () => {
    const { reload, restart } = siteWith(apache, 'ServerLimit');
    assert.deepEqual({ reload, restart }, { reload: 'systemctl restart apache2', restart: true });
    const timeout = siteWith(apache, 'ProxyTimeout');
    assert.equal(timeout.reload, 'apachectl graceful');
    assert.equal('restart' in timeout, false);
    const started = siteWith(nghttpx, '--backend-read-timeout');
    assert.equal(started.restart, true);
    assert.equal(started.reload, undefined);
  });

  test('of nginx tells first what it would refuse', () => {
    assert.equal(siteWith(nginx, 'proxy_buffering').reload, 'nginx -t && nginx -s reload');
  });
});

describe('a second line in the same place', () => {
  test('is taken as was tried with each product', () => {
    assert.equal(siteWith(nginx, 'proxy_buffering').twice, 'refused');
    assert.equal(siteWith(lighttpd, 'server.stream-response-body').twice, 'refused');
    assert.equal(siteWith(apache, 'ProxyTimeout').twice, 'last');
    assert.equal(siteWith(apache, 'Protocols').twice, 'both');
    assert.equal(siteWith(haproxy, 'timeout client').twice, 'last');
    assert.equal(siteWith(haproxy, 'maxconn').twice, 'first');
  });

  test('is of no matter where it adds to the first', () => {
    const { replaces, twice } = siteWith(apache, 'SetEnv proxy-prefetch');
    assert.deepEqual([replaces, twice], [undefined, undefined]);
  });
});

describe('what a fix needs', () => {
  test('stands apart from what it may break', () => {
    assert.match(fixWith(apache, 'SetEnv proxy-prefetch').needs ?? '', /a2enmod env\b/);
    for (const { caution = '', line } of PRODUCTS.flatMap(({ causes }) =>
      causes.flatMap(({ fixes }) => fixes),
    ))
      assert.doesNotMatch(caution, /\bneeds (?:mod_|a )|^only for .*;|restart/, line);
  });
});
