import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StreamRequest } from '../../src/client/request.ts';
import { parseLine } from '../../src/commands/command-line.ts';
import type { ListenFlags } from '../../src/commands/flags/listen-flags.ts';
import { buildRequest } from '../../src/commands/flags/request.ts';
import { shape } from '../../src/commands/listen.ts';
import { parseTarget } from '../../src/commands/target.ts';
import { oneUrl } from '../../src/commands/url-argument.ts';
import { assertUsageError } from './flags/rejection.ts';
import { shellWords } from './shell-words.ts';

interface Pasted {
  request: StreamRequest;
  headers: Record<string, string>;
  body: string;
  notes: string[];
  flags: ListenFlags;
}

async function paste(line: string): Promise<Pasted> {
  const parsed = await parseLine<ListenFlags>(shape(), shellWords(line), {});
  assert.ok(parsed);
  const target = parseTarget(oneUrl(parsed.words, parsed.flags.url ?? []));
  assert.ok(target.kind === 'http');
  const files = { read: async () => assert.fail('reads no file') };
  const { request, notes } = await buildRequest(target, parsed.flags, { env: {}, files });
  const body = Buffer.from(request.body ?? []).toString();
  return { request, headers: Object.fromEntries(request.headers), body, notes, flags: parsed.flags };
}

test('a GET copied from Chrome is sent as it was', async () => {
  const { request, headers, notes } =
    await paste(String.raw`curl 'https://app.example.com/api/events?room=1&last=%2F' \
  -H 'accept: text/event-stream' \
  -H 'accept-language: de-DE,de;q=0.9,en;q=0.8' \
  -H 'cache-control: no-cache' \
  -b 'sid=s%3Aabc.def; theme=dark' \
  -H 'pragma: no-cache' \
  -H 'priority: u=1, i' \
  -H 'referer: https://app.example.com/' \
  -H 'sec-ch-ua: "Chromium";v="136", "Google Chrome";v="136", "Not.A/Brand";v="99"' \
  -H 'sec-ch-ua-mobile: ?0' \
  -H 'sec-ch-ua-platform: "Linux"' \
  -H 'sec-fetch-dest: empty' \
  -H 'sec-fetch-mode: cors' \
  -H 'user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36' \
  -H 'x-empty;' \
  --insecure`);
  assert.equal(request.url.href, 'https://app.example.com/api/events?room=1&last=%2F');
  assert.equal(request.method, 'GET');
  assert.equal(headers.Cookie, 'sid=s%3Aabc.def; theme=dark');
  assert.equal(headers['sec-ch-ua'], '"Chromium";v="136", "Google Chrome";v="136", "Not.A/Brand";v="99"');
  assert.equal(headers['x-empty'], '');
  assert.equal(headers.accept, 'text/event-stream');
  assert.ok(!('Accept' in headers) && !('User-Agent' in headers) && !('Cache-Control' in headers));
  assert.equal(request.connection.tls.insecure, true);
  assert.deepEqual(notes, []);
});

test('a POST with JSON copied from Chrome keeps its body, quotes of the shell undone', async () => {
  const { request, headers, body } = await paste(String.raw`curl 'https://api.example.com/v1/chat' \
  -H 'accept: */*' \
  -H 'authorization: Bearer sk-123' \
  -H 'content-type: application/json' \
  -H 'origin: https://chat.example.com' \
  --data-raw $'{"stream":true,"prompt":"it\'s \\n \u0021 @home"}'`);
  assert.equal(request.method, 'POST');
  assert.equal(body, String.raw`{"stream":true,"prompt":"it's \n ! @home"}`);
  assert.equal(headers['content-type'], 'application/json');
  assert.ok(!('Content-Type' in headers));
  assert.equal(headers.accept, '*/*');
});

test('a GET copied from Firefox loses the headers of its connection, with notes', async () => {
  const { request, headers, notes } = await paste(String.raw`curl 'http://localhost:8080/events' \
  --compressed \
  -H 'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:138.0) Gecko/20100101 Firefox/138.0' \
  -H 'Accept: text/event-stream' \
  -H 'Accept-Language: en-US,en;q=0.5' \
  -H 'Accept-Encoding: gzip, deflate, br, zstd' \
  -H 'Referer: http://localhost:8080/' \
  -H 'Connection: keep-alive' \
  -H 'Cookie: a=1' \
  -H 'Sec-Fetch-Dest: empty' \
  -H 'Pragma: no-cache' \
  -H 'Cache-Control: no-cache'`);
  assert.equal(request.url.href, 'http://localhost:8080/events');
  assert.ok(!('Connection' in headers));
  assert.match(headers['Accept-Encoding'] ?? '', /^gzip, deflate, br/);
  assert.match(notes.join('\n'), /Connection is left out/);
});

test('a POST copied from Firefox keeps method and body', async () => {
  const { request, body, notes } = await paste(String.raw`curl 'https://api.example.com/v1/messages' \
  --compressed \
  -X POST \
  -H 'Content-Type: application/json' \
  -H 'Content-Length: 15' \
  -H 'TE: trailers' \
  --data-raw '{"stream":true}'`);
  assert.equal(request.method, 'POST');
  assert.equal(body, '{"stream":true}');
  assert.match(notes.join('\n'), /Content-Length is left out/);
});

test('a line as Postman writes it works too', async () => {
  const { request, headers } = await paste(
    String.raw`curl --location --globoff --request POST 'http://{host}/x' \
  --header 'Content-Type: application/json' --data '{}'`.replace('{host}', 'host'),
  );
  assert.equal(request.url.href, 'http://host/x');
  assert.equal(headers['Content-Type'], 'application/json');
});

test('a line as Insomnia writes it works too', async () => {
  const { request } = await paste(`curl --request POST --url http://host/x --header 'A: b' --data '{}'`);
  assert.equal(request.url.href, 'http://host/x');
});

test('short flags may be combined, and hold their value', async () => {
  const { request, headers, flags } = await paste(`curl -sSNkL -XPUT -H'X: y' -dabc -m5 http://host/`);
  assert.equal(request.method, 'PUT');
  assert.equal(headers.X, 'y');
  assert.deepEqual([flags.silent, flags.insecure, flags.maxTime], [true, true, 5000]);
});

test('curl may stand after flags of ours', async () => {
  const { request, flags } = await paste(`--format ndjson curl http://host/`);
  assert.equal(request.url.href, 'http://host/');
  assert.equal(flags.format, 'ndjson');
});

test('flags of curl that are not taken are named with what to write instead', async () => {
  await assertUsageError(() => paste('curl -o out.txt http://h/'), /^-o: .*\nRedirect standard output/);
  await assertUsageError(() => paste('curl -sfN http://h/'), /^-f: .*\nLeave it out/);
  await assertUsageError(() => paste('curl --oauth2-bearer t http://h/'), /--bearer TOKEN/);
  await assertUsageError(() => paste('curl --digest -u a:b http://h/'), /Only Basic/);
});

test('two URLs are one too many, and none is one too few', async () => {
  await assertUsageError(() => paste('curl http://a/ http://b/'), /a URL too many: "http:\/\/b\/"/);
  await assertUsageError(() => paste('curl'), /the URL is missing/);
});
