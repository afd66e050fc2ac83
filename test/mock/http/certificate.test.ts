import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { selfSignedCertificate } from '../../../src/mock/http/certificate.ts';

describe('a self-signed certificate', () => {
  test('is for this machine by all of its names, and for those that are given', async () => {
    const made = await selfSignedCertificate([
      'app.example',
      '192.0.2.7',
      '2001:db8::7',
      'localhost',
      '0.0.0.0',
    ]);
    const certificate = new X509Certificate(made.cert);
    for (const host of ['localhost', 'app.example']) assert.equal(certificate.checkHost(host), host);
    for (const ip of ['127.0.0.1', '::1', '192.0.2.7', '2001:db8::7']) {
      assert.equal(certificate.checkIP(ip), ip, `${ip} in ${certificate.subjectAltName}`);
    }
    assert.equal(certificate.checkIP('0.0.0.0'), undefined);
    assert.equal(certificate.subjectAltName?.split(', ').length, 6);
  });

  test('fits its key, is its own issuer and good for a year from yesterday', async () => {
    const { cert, key } = await selfSignedCertificate();
    createSecureContext({ cert, key });
    const certificate = new X509Certificate(cert);
    assert.ok(certificate.verify(certificate.publicKey));
    assert.equal(certificate.ca, false);
    const day = 86_400_000;
    const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
    assert.ok(from < Date.now() - 0.9 * day && to > Date.now() + 364 * day);
    assert.ok(to - from <= 398 * day, 'browsers refuse longer ones');
  });

  test('is another one each time', async () => {
    const [one, other] = await Promise.all([selfSignedCertificate(), selfSignedCertificate()]);
    assert.notEqual(
      new X509Certificate(one.cert).fingerprint256,
      new X509Certificate(other.cert).fingerprint256,
    );
  });
});
