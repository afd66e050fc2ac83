import { LAST_PORT, LONGEST_RING } from '../../mock/limits.ts';
import { LOST_ID_POLICIES, type LostIdPolicy } from '../../mock/lost-id.ts';
import { shapeParsers } from '../../mock/overrides.ts';
import { PRESETS } from '../../mock/presets/registry.ts';
import { CODINGS } from '../../mock/wire/codings.ts';
import { parseChoice } from '../../notation/choice.ts';
import { parseCount } from '../../notation/count.ts';
import { parseDuration } from '../../notation/duration.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import { parseRate } from '../../notation/rate.ts';
import { parseSize } from '../../notation/size.ts';
import { parseSpeed } from '../../notation/speed.ts';
import { type CheckFlags, checkFlags } from './check-flags.ts';
import { type ColorWhen, colorFlags } from './color.ts';
import { parseFileName } from './files.ts';
import { Flag, GENERAL } from './flag.ts';
import { type ProbeFlags, probeFlags } from './probe-flags.ts';
import { type CertificateFile, parseCertificate } from './tls.ts';

/** The flags of `serve-mock` as parsed: every key may be absent. */
export interface ServeFlags extends CheckFlags, ProbeFlags {
  port?: number;
  host?: string;
  workers?: number;
  tls?: boolean;
  cert?: CertificateFile;
  key?: string;
  http2?: boolean;
  preset?: string;
  interval?: number;
  count?: number;
  size?: number;
  event?: string;
  data?: string;
  heartbeat?: number;
  sendRetry?: number;
  replay?: string;
  speed?: number;
  lines?: string;
  upstream?: URL;
  upstreamCert?: string;
  upstreamKey?: string;
  fault?: string[];
  seed?: number;
  splitGap?: number;
  fixed?: boolean;
  buffer?: number;
  redis?: string;
  redisPubsub?: boolean;
  onLostId?: LostIdPolicy;
  auth?: AuthFlag;
  tokenTtl?: number;
  maxPerUser?: number;
  maxPublish?: number;
  maxPayload?: number;
  maxStalled?: number;
  cors?: string;
  compress?: 'gzip' | 'br';
  logRequests?: string;
  showSecrets?: boolean;
  format?: 'pretty' | 'ndjson' | 'json';
  silent?: boolean;
  color?: ColorWhen | false;
  config?: string;
}

/** Where the token is: in the flag, or in a file. */
type AuthFlag = { token: string } | { tokenFile: string };

const MB = 1024 ** 2;

const SOURCE = 'What it serves:';
const SHAPE = 'Shape of the events (also per request: ?interval=50ms&count=3):';
const FAULTS = 'Faults (also per request: ?fault=reset@3):';
const LISTEN = 'Where it listens:';
const MEMORY = 'Resume and publishing:';
const RULES = 'What a real server does:';
const OUTPUT = 'Output:';

const MOST_WORKERS = 64;

const FORMATS = ['pretty', 'ndjson', 'json'] as const;
const PRESET_NAMES = PRESETS.map((preset) => preset.name);

export function serveFlags(): Flag[] {
  return [
    ...sourceFlags(),
    ...shapeFlags(),
    ...faultFlags(),
    ...listenFlags(),
    ...memoryFlags(),
    ...ruleFlags(),
    ...checkFlags(),
    ...probeFlags(),
    ...outputFlags(),
  ];
}

function sourceFlags(): Flag[] {
  const group = SOURCE;
  return [
    new Flag('--preset <name>', `a ready-made stream: ${PRESET_NAMES.join(', ')}`, {
      group,
      words: PRESET_NAMES,
      parse: (text) => parseChoice(text, PRESET_NAMES),
    }),
    new Flag('--replay <recording>', 'a recording, byte for byte with its timing', {
      group,
      guarded: true,
      parse: parseFileName,
    }),
    new Flag('--speed <x>', 'of the replay: 2 is twice as fast, max waits for nothing (1)', {
      group,
      parse: parseSpeed,
    }),
    new Flag('--lines <file>', 'an event a line; - publishes those of standard input', {
      group,
      guarded: true,
      parse: parseFileName,
    }),
    new Flag('--upstream <url>', 'pass on a real server, with faults', {
      group,
      guarded: true,
      parse: parseUpstream,
    }),
    new Flag('--upstream-cert <file>', 'PEM certificate to show the upstream', {
      group,
      guarded: true,
      parse: parseFileName,
    }),
    new Flag('--upstream-key <file>', 'its PEM key', { group, guarded: true, parse: parseFileName }),
  ];
}

function shapeFlags(): Flag[] {
  const group = SHAPE;
  return [
    new Flag('--interval <time>', 'between events (1s)', { group, parse: shapeParsers.interval }),
    new Flag('--count <n>', 'end the stream behind event N', { group, parse: shapeParsers.count }),
    new Flag('--size <size>', 'of the data, padded to it', { group, parse: shapeParsers.size }),
    new Flag('--event <name>', 'event type', { group, parse: shapeParsers.event }),
    new Flag('--data <template>', 'the data: \'{"n":{{n}},"user":"{{query.user}}"}\'', {
      group,
      parse: shapeParsers.data,
    }),
    new Flag('--heartbeat <time>', 'a comment into so much silence, or off (15s)', {
      group,
      parse: shapeParsers.heartbeat,
    }),
    new Flag('--send-retry <time>', 'the reconnection time that streams announce', {
      group,
      parse: shapeParsers['send-retry'],
    }),
  ];
}

function faultFlags(): Flag[] {
  const group = FAULTS;
  return [
    new Flag('--fault <spec>', 'KIND[=VALUE]@WHEN: reset@3, delay=2s@every:10, conn:1:eof@5s (repeatable)', {
      group,
      repeat: true,
    }),
    new Flag('--seed <n>', 'repeat a run: its draws are the same (default: drawn, and printed)', {
      group,
      parse: shapeParsers.seed,
    }),
    new Flag('--split-gap <time>', 'between the parts of the fault split (5ms)', {
      group,
      parse: shapeParsers['split-gap'],
    }),
    new Flag('--fixed', 'queries change neither shape nor faults', { group }),
  ];
}

function listenFlags(): Flag[] {
  const group = LISTEN;
  return [
    new Flag('-p, --port <n>', '0 picks a free one (4000)', { group, parse: parsePort }),
    new Flag('--host <address>', 'address to listen at (127.0.0.1)', { group, parse: parseHost }),
    new Flag('--workers <n>', 'processes, each at the port behind that of the one before it (1)', {
      group,
      parse: parseWorkers,
    }),
    new Flag('--tls', 'speak TLS, with a certificate of its own unless --cert names one', { group }),
    new Flag('--cert <file[:password]>', 'PEM certificate; it may hold the key too', {
      group,
      guarded: true,
      parse: parseCertificate,
    }),
    new Flag('--key <file>', 'its PEM key', { group, guarded: true, parse: parseFileName }),
    new Flag('--http2', 'HTTP/2 beside HTTP/1.1: by ALPN with TLS, by prior knowledge without', { group }),
  ];
}

function memoryFlags(): Flag[] {
  const group = MEMORY;
  return [
    new Flag('--buffer <n>', 'published events that a channel keeps for Last-Event-ID (1000)', {
      group,
      parse: parseBuffer,
    }),
    new Flag('--redis <url>', 'keep them in Redis, shared by many servers: redis://127.0.0.1:6379', {
      group,
      guarded: true,
    }),
    new Flag('--redis-pubsub', 'relay the Pub/Sub channels sse:CHANNEL too', { group }),
    new Flag('--on-lost-id <what>', 'for an id that is not kept: oldest, 204 or reset (oldest)', {
      group,
      words: LOST_ID_POLICIES,
      parse: (text) => parseChoice(text, LOST_ID_POLICIES),
    }),
    new Flag('--max-publish <rate>', 'published events, 429 above it: 100/s', { group, parse: parseRate }),
    new Flag('--max-payload <size>', 'body of a request, 413 above it (1MB)', {
      group,
      parse: (text) => parseSize(text, { minBytes: 1, maxBytes: 1024 * MB }),
    }),
  ];
}

function ruleFlags(): Flag[] {
  const group = RULES;
  return [
    new Flag('--auth <rule>', 'token=SECRET or token=@FILE: without it 401', {
      group,
      guarded: true,
      parse: parseAuth,
    }),
    new Flag('--token-ttl <time>', 'a token is good for so long after its first use', {
      group,
      parse: (text) => parseDuration(text, { minMs: 1 }),
    }),
    new Flag('--max-per-user <n>', 'streams at a time for a user, 429 above it', {
      group,
      parse: (text) => parseCount(text, 1),
    }),
    new Flag('--max-stalled <size>', 'bytes that a reader may hold; then it is dropped (1MB)', {
      group,
      parse: (text) => parseSize(text, { minBytes: 1024, maxBytes: 1024 * MB }),
    }),
    new Flag('--compress <coding>', 'gzip or br for clients that accept it, flushed per event', {
      group,
      words: CODINGS,
      parse: (text) => parseChoice(text, CODINGS),
    }),
    new Flag('--cors <origin>', 'whose pages may read: an origin, * or off (*)', { group, parse: parseCors }),
  ];
}

function outputFlags(): Flag[] {
  return [
    new Flag('--format <format>', 'of the ready line: pretty or ndjson; with --check also json', {
      group: OUTPUT,
      words: FORMATS,
      parse: (text) => parseChoice(text, FORMATS),
    }),
    new Flag('-s, --silent', 'no access log', { group: OUTPUT }),
    new Flag('--log-requests <file>', 'append every request and disconnect as NDJSON', {
      group: OUTPUT,
      guarded: true,
      parse: parseFileName,
    }),
    new Flag('--show-secrets', 'show credentials in the logs instead of •••', {
      group: OUTPUT,
      guarded: true,
    }),
    ...colorFlags(OUTPUT),
    new Flag('--config <file>', 'defaults for flags (default: ssekit.config.json)', {
      group: GENERAL,
      parse: parseFileName,
    }),
  ];
}

function parseUpstream(text: string): URL {
  const url = text.includes('://') ? text : `http://${text.startsWith(':') ? `127.0.0.1${text}` : text}`;
  if (!URL.canParse(url))
    throw new InvalidValue(`${quoted(text)} is no URL`, 'Write http://127.0.0.1:3000 or :3000.');
  return new URL(url);
}

function parsePort(text: string): number {
  const port = parseCount(text);
  if (port > LAST_PORT) throw new InvalidValue(`${text} is no port: at most ${LAST_PORT}`);
  return port;
}

function parseWorkers(text: string): number {
  const count = parseCount(text, 1);
  if (count > MOST_WORKERS) throw new InvalidValue(`${text} is too many: at most ${MOST_WORKERS}`);
  return count;
}

function parseHost(text: string): string {
  const host = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (host === '' || /[\s/]/.test(host)) {
    throw new InvalidValue(`${quoted(text)} is no address`, 'Write 127.0.0.1, ::1, 0.0.0.0 or a name.');
  }
  return host;
}

function parseBuffer(text: string): number {
  const count = parseCount(text);
  if (count > LONGEST_RING) throw new InvalidValue(`${text} is too large: at most ${LONGEST_RING}`);
  return count;
}

function parseAuth(text: string): AuthFlag {
  const value = /^token=(.+)$/s.exec(text)?.[1];
  // The text may hold a secret: it is not repeated.
  if (value === undefined) throw new InvalidValue('that is no rule', 'Write token=SECRET or token=@FILE.');
  return value.startsWith('@') ? { tokenFile: parseFileName(value.slice(1)) } : { token: value };
}

function parseCors(text: string): string | undefined {
  if (text === 'off') return '';
  if (text === '*' || text === 'null') return text;
  const origin = URL.canParse(text) ? new URL(text).origin : 'null';
  if (origin === 'null' || origin !== text.replace(/\/$/, '')) {
    throw new InvalidValue(
      `${quoted(text)} is no origin`,
      'Write scheme and host: https://app.example, * or off.',
    );
  }
  return origin;
}
