import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  givenToken,
  neededToken,
  parseRemoteOrigin,
  parseTokenFlag,
  type TokenSources,
} from '../../../src/commands/flags/probe-token.ts';

const LONG = 'a-token-of-more-than-16';

const sources = (changes: Partial<TokenSources>): TokenSources => ({
  flag: undefined,
  env: {},
  files: { read: async () => Buffer.from(`${LONG}\n`) },
  ...changes,
});

describe('the token of an origin', () => {
  test('comes from the flag, a file or the environment, in this order', async () => {
    const env = { SSEKIT_PROBE_TOKEN: `${LONG}-env` };
    assert.equal(await givenToken(sources({ flag: parseTokenFlag(`${LONG}-flag`), env })), `${LONG}-flag`);
    assert.equal(await givenToken(sources({ flag: parseTokenFlag('@file'), env })), LONG);
    assert.equal(await givenToken(sources({ env })), `${LONG}-env`);
    assert.equal(await neededToken(sources({ env })), `${LONG}-env`);
    assert.equal(await givenToken(sources({ env: { SSEKIT_PROBE_TOKEN: '' } })), undefined);
  });

  test('is refused where it is missing, can be guessed or can not be sent, and never repeated', async () => {
    await assert.rejects(neededToken(sources({})), { code: 'PROBE_TOKEN', exitCode: 14 });
    const refusals: [text: string, message: RegExp][] = [
      ['s3cret', /--probe-token: the token is too short/],
      ['s3cret with a space in it', /--probe-token: the token has a space/],
      ['s3cret\u00e9s3cret\u00e9s3cret', /--probe-token: the token has/],
      ['', /--probe-token: the token is empty/],
    ];
    for (const [text, message] of refusals) {
      const refused = await givenToken(sources({ flag: parseTokenFlag(text) })).catch((error) => error);
      assert.equal(refused.exitCode, 2, text);
      assert.match(refused.message, message);
      assert.ok(!`${refused.message}${refused.hint}`.includes('s3cret'));
    }
  });
});

test('an origin on another machine has a place and nothing else', () => {
  for (const text of ['http://10.0.0.5:9000', 'http://10.0.0.5:9000/', '10.0.0.5:9000', ' 10.0.0.5:9000/ '])
    assert.equal(parseRemoteOrigin(text).href, 'http://10.0.0.5:9000/', text);
  assert.equal(parseRemoteOrigin(':9000').href, 'http://127.0.0.1:9000/');
  assert.equal(parseRemoteOrigin('[::1]:9000').href, 'http://[::1]:9000/');
  const refused: [text: string, message: RegExp][] = [
    ['https://a:9000', /speaks no TLS/],
    ['ws://a:9000', /ws:\/\/ is not HTTP/],
    ['http://a:9000/events', /without a path/],
    ['http://a:9000/?x', /without a path/],
    ['http://user:secret@a:9000', /^the origin knows no user$/],
    ['http://', /no URL/],
    ['', /no URL/],
  ];
  for (const [text, message] of refused) assert.throws(() => parseRemoteOrigin(text), { message }, text);
});
