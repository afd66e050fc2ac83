import { randomInt } from 'node:crypto';
import { usageError } from '../client/errors.ts';
import type { AuthRule } from '../mock/auth.ts';
import type { MockConfig } from '../mock/config.ts';
import { mockDefaults } from '../mock/defaults.ts';
import { parseFaults } from '../mock/faults/parse.ts';
import type { FaultSpec } from '../mock/faults/spec.ts';
import type { ShapeName, ShapeValues } from '../mock/overrides.ts';
import type { Preset, PresetOptions } from '../mock/presets/preset.ts';
import { parsePreset } from '../mock/presets/registry.ts';
import { compileTick } from '../mock/presets/ticker.ts';
import { type ColorWhen, colorWhen } from './flags/color.ts';
import type { FileReader } from './flags/files.ts';
import { nameCulprit } from './flags/flag.ts';
import type { ServeFlags } from './flags/serve-flags.ts';

/** What is served: one of these. */
export type Source = { kind: 'preset'; preset: Preset; options: PresetOptions };

export interface ServeOptions {
  /** Without what it serves, and whose observer it has. */
  config: Omit<MockConfig, 'site' | 'hub'>;
  source: Source;
  /** Events that a channel keeps. */
  buffer: number | undefined;
  format: 'pretty' | 'ndjson';
  silent: boolean;
  showSecrets: boolean;
  color: ColorWhen;
}

const DEFAULT_PORT = 4_000;
const LARGEST_SEED = 2 ** 31;

/** @throws SseKitError exit 2 */
export async function serveOptions(
  flags: ServeFlags,
  scenario: string | undefined,
  { files, env }: { files: FileReader; env: NodeJS.ProcessEnv },
): Promise<ServeOptions> {
  if (scenario !== undefined) throw usageError(`${scenario}: scenarios are not available yet`);
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
    },
    source: presetSource(flags, { seed, fixed }),
    buffer: flags.buffer,
    format: flags.format ?? 'pretty',
    silent: flags.silent ?? false,
    showSecrets: flags.showSecrets ?? false,
    color: colorWhen(flags.color, env),
  };
}

/** Of the shape, those that a preset may have no use for; the others are the server's own. */
const PRESET_SHAPE = ['interval', 'count', 'size', 'event', 'data'] as const satisfies readonly ShapeName[];

function presetSource(flags: ServeFlags, { seed, fixed }: { seed: number; fixed: boolean }): Source {
  const preset = parsePreset(flags.preset ?? 'ticker');
  const shape: ShapeValues = {};
  for (const name of PRESET_SHAPE) {
    if (flags[name] === undefined) continue;
    if (!preset.uses.includes(name)) {
      const takes = preset.uses.map((each) => `--${each}`).join(', ');
      throw usageError(
        `--${name}: the preset ${preset.name} has no use for it`,
        takes === '' ? 'It takes no flag of shape.' : `It takes ${takes}.`,
      );
    }
    Object.assign(shape, { [name]: flags[name] });
  }
  try {
    if (preset.name === 'ticker') compileTick(shape);
  } catch (error) {
    throw nameCulprit(error, '--data');
  }
  return { kind: 'preset', preset, options: { shape, fixed, seed } };
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
