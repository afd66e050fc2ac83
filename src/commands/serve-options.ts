import { randomInt } from 'node:crypto';
import { usageError } from '../client/errors.ts';
import type { AuthRule } from '../mock/auth.ts';
import type { MockConfig } from '../mock/config.ts';
import { mockDefaults } from '../mock/defaults.ts';
import { parseFaults } from '../mock/faults/parse.ts';
import type { FaultSpec } from '../mock/faults/spec.ts';
import { LAST_PORT } from '../mock/limits.ts';
import type { ShapeName, ShapeValues } from '../mock/overrides.ts';
import { parsePreset } from '../mock/presets/registry.ts';
import { refuseUselessShape } from '../mock/presets/shape.ts';
import { type ColorWhen, colorWhen } from './flags/color.ts';
import type { FileReader } from './flags/files.ts';
import { nameCulprit } from './flags/flag.ts';
import type { ServeFlags } from './flags/serve-flags.ts';
import { tlsOptions } from './flags/tls.ts';
import type { Source } from './serve-source.ts';

export interface ServeOptions {
  /** Without what it serves, and whose observer it has. */
  config: Omit<MockConfig, 'site' | 'hub'>;
  source: Source;
  /** Processes; with more than one each has a port of its own, the first that of `config`. */
  workers: number;
  /** Events that a channel keeps. */
  buffer: number | undefined;
  /** Where channels are kept; absent: in this process. */
  redis: { url: string; pubsub: boolean } | undefined;
  format: 'pretty' | 'ndjson';
  silent: boolean;
  showSecrets: boolean;
  /** File of the request log. */
  logRequests: string | undefined;
  color: ColorWhen;
}

export const DEFAULT_PORT = 4_000;
const LARGEST_SEED = 2 ** 31;

/** @throws SseKitError exit 2 */
export async function serveOptions(
  flags: ServeFlags,
  scenario: string | undefined,
  { files, env }: { files: FileReader; env: NodeJS.ProcessEnv },
): Promise<ServeOptions> {
  const defaults = mockDefaults();
  const seed = flags.seed ?? randomInt(LARGEST_SEED);
  const { host = defaults.host, port = DEFAULT_PORT, fixed = false } = flags;
  return {
    config: {
      ...defaults,
      host,
      port,
      fixed,
      seed,
      faults: faultSpecs(flags.fault ?? []),
      heartbeatMs: flags.heartbeat ?? defaults.heartbeatMs,
      retryMs: flags.sendRetry,
      splitGapMs: flags.splitGap ?? defaults.splitGapMs,
      onLostId: flags.onLostId ?? defaults.onLostId,
      auth: await authRule(flags, files),
      limit: flags.maxPerUser === undefined ? undefined : { maxPerUser: flags.maxPerUser },
      cors: flags.cors ?? defaults.cors,
      maxPayloadBytes: flags.maxPayload ?? defaults.maxPayloadBytes,
      maxPublishRate: flags.maxPublish,
      maxStalledBytes: flags.maxStalled ?? defaults.maxStalledBytes,
      compress: flags.compress,
      http2: flags.http2 ?? false,
      ...(await certificate(flags, host, files)),
    },
    source: await sourceOf(flags, scenario, { seed, fixed, files }),
    workers: workersOf(flags, port),
    buffer: flags.buffer,
    redis: redisOf(flags),
    format: flags.format === 'ndjson' ? 'ndjson' : 'pretty',
    silent: flags.silent ?? false,
    showSecrets: flags.showSecrets ?? false,
    logRequests: flags.logRequests,
    color: colorWhen(flags.color, env),
  };
}

function workersOf({ workers = 1, lines, redis }: ServeFlags, port: number): number {
  const last = port + workers - 1;
  if (port > 0 && last > LAST_PORT) {
    throw usageError(
      `--workers: the ports ${port} to ${last} are too many, as ${LAST_PORT} is the last there is`,
      'Choose a lower --port, or let each be chosen with --port 0.',
    );
  }
  if (workers > 1 && lines === '-' && redis !== undefined) {
    throw usageError(
      '--lines -: with --redis one server publishes standard input, not several workers',
      'Leave out --workers here, and start the others without --lines; or leave out --redis.',
    );
  }
  return workers;
}

function redisOf({ redis, redisPubsub = false }: ServeFlags): ServeOptions['redis'] {
  if (redis !== undefined) return { url: redis, pubsub: redisPubsub };
  if (redisPubsub) throw usageError('--redis-pubsub: there is no Redis: --redis is missing');
  return undefined;
}

async function certificate(
  { tls = false, cert, key }: ServeFlags,
  host: string,
  files: FileReader,
): Promise<Pick<MockConfig, 'tls'>> {
  if (cert === undefined && key === undefined) {
    if (!tls) return {};
    const { selfSignedCertificate } = await import('../mock/http/certificate.ts');
    return { tls: await selfSignedCertificate([host]) };
  }
  const named = {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  const { cert: chain = '', key: own = '', passphrase } = await tlsOptions(named, files);
  return { tls: { cert: chain, key: own, ...(passphrase === undefined ? {} : { passphrase }) } };
}

/** What one source is given by, and what else it takes of the flags that others need. */
const SOURCES = ['preset', 'replay', 'lines', 'upstream'] as const satisfies readonly (keyof ServeFlags)[];

async function sourceOf(
  flags: ServeFlags,
  scenario: string | undefined,
  { seed, fixed, files }: { seed: number; fixed: boolean; files: FileReader },
): Promise<Source> {
  const given = SOURCES.filter((name) => flags[name] !== undefined).map((name) => `--${name}`);
  const [first, second] = scenario === undefined ? given : [scenario, ...given];
  if (first !== undefined && second !== undefined) {
    throw usageError(
      `${first} and ${second}: one of them can be served`,
      'Start a second server for the other.',
    );
  }
  if (flags.speed !== undefined && flags.replay === undefined)
    throw usageError('--speed: there is no recording: --replay is missing');
  for (const name of ['upstreamCert', 'upstreamKey'] as const) {
    const flag = name === 'upstreamCert' ? '--upstream-cert' : '--upstream-key';
    if (flags[name] !== undefined && flags.upstream === undefined)
      throw usageError(`${flag}: there is no upstream: --upstream is missing`);
  }
  if (scenario !== undefined) {
    refuseShape(flags, [], 'a scenario says what its events are');
    return { kind: 'scenario', path: scenario, seed: flags.seed };
  }
  if (flags.replay !== undefined) {
    refuseShape(flags, [], 'a recording is served as it was');
    return { kind: 'replay', path: flags.replay, speed: flags.speed ?? 1 };
  }
  if (flags.lines !== undefined) {
    const live = flags.lines === '-';
    refuseShape(flags, live ? [] : ['interval', 'count'], 'the lines say what is sent');
    return { kind: 'lines', path: flags.lines, intervalMs: flags.interval, count: flags.count };
  }
  if (flags.upstream !== undefined) {
    refuseShape(flags, [], 'the upstream says what is sent');
    const { upstreamCert: cert, upstreamKey: key } = flags;
    const identity = await tlsOptions(
      { ...(cert === undefined ? {} : { cert: { path: cert } }), ...(key === undefined ? {} : { key }) },
      files,
      { cert: '--upstream-cert', key: '--upstream-key' },
    );
    return { kind: 'upstream', url: flags.upstream.href, cert: identity.cert, key: identity.key };
  }
  return presetSource(flags, { seed, fixed });
}

function refuseShape(flags: ServeFlags, taken: readonly ShapeName[], because: string): void {
  const useless = PRESET_SHAPE.find((name) => flags[name] !== undefined && !taken.includes(name));
  if (useless !== undefined) throw usageError(`--${useless}: ${because}`, 'Leave it out.');
}

/** Of the shape, those that a preset may have no use for; the others are the server's own. */
const PRESET_SHAPE = ['interval', 'count', 'size', 'event', 'data'] as const satisfies readonly ShapeName[];

function presetSource(flags: ServeFlags, { seed, fixed }: { seed: number; fixed: boolean }): Source {
  const preset = parsePreset(flags.preset ?? 'ticker');
  const shape: ShapeValues = {};
  for (const name of PRESET_SHAPE) {
    if (flags[name] !== undefined) Object.assign(shape, { [name]: flags[name] });
  }
  refuseUselessShape(preset, shape, (name) => `--${name}`);
  // What is the server's own matters where a preset would have it another way: model services send no keepalives.
  if (flags.heartbeat !== undefined) shape.heartbeat = flags.heartbeat;
  if (flags.sendRetry !== undefined) shape['send-retry'] = flags.sendRetry;
  const options = { shape, fixed, seed };
  try {
    // Tells whether it can be served so; the one that serves is made by the site.
    preset.create(options);
  } catch (error) {
    throw nameCulprit(error, '--data');
  }
  return { kind: 'preset', preset: preset.name, options };
}

function faultSpecs(texts: readonly string[]): FaultSpec[] {
  try {
    return parseFaults(texts);
  } catch (error) {
    throw nameCulprit(error, '--fault');
  }
}

async function authRule({ auth, tokenTtl }: ServeFlags, files: FileReader): Promise<AuthRule | undefined> {
  if (auth === undefined) {
    if (tokenTtl !== undefined) throw usageError('--token-ttl: there is no token: --auth is missing');
    return undefined;
  }
  const token =
    'token' in auth ? auth.token : (await files.read(auth.tokenFile, '--auth')).toString('utf8').trim();
  if (token === '') throw usageError('--auth: the token is empty');
  return { token, ...(tokenTtl === undefined ? {} : { ttlMs: tokenTtl }) };
}
