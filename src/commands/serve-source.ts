import type { LiveLines } from '../mock/lines/line-streams.ts';
import type { MockObserver } from '../mock/observer.ts';
import type { PresetOptions } from '../mock/presets/preset.ts';
import { oneRoute, routePerPath, type Site } from '../mock/site.ts';

/** What is served: one of these, as plain data. */
export type Source =
  | { kind: 'preset'; preset: string; options: Pick<PresetOptions, 'shape' | 'fixed' | 'seed'> }
  | { kind: 'scenario'; path: string; seed: number | undefined }
  | { kind: 'replay'; path: string; speed: number }
  | { kind: 'lines'; path: string; intervalMs: number | undefined; count: number | undefined }
  | { kind: 'upstream'; url: string; cert: string | undefined; key: string | undefined };

export interface PreparedSource {
  site: Site;
  /** What draws follow from, where the source itself says so. */
  seed?: number;
  /** What its user should know, a sentence each. */
  notes?: readonly string[];
  observer?: MockObserver;
  /** Begins what goes on beside the server: whatever it finds to serve, it hands over. */
  start?(serve: (site: Site) => void): { stop(): void };
}

export interface SourceContext {
  /** Those of standard input. */
  liveLines(): LiveLines | Promise<LiveLines>;
  warn(message: string): void;
  fixed: boolean;
  seed: number;
}

/**
 * Loads what a source needs, and nothing of the others.
 *
 * @throws SseKitError exit 2 for a file that can't be served
 */
export async function prepareSource(source: Source, context: SourceContext): Promise<PreparedSource> {
  const { fixed } = context;
  switch (source.kind) {
    case 'preset': {
      const [{ parsePreset }, { presetSite }] = await Promise.all([
        import('../mock/presets/registry.ts'),
        import('../mock/presets/site.ts'),
      ]);
      return { site: presetSite(parsePreset(source.preset), source.options) };
    }
    case 'scenario':
      return prepareScenario(source.path, source.seed, context);
    case 'replay': {
      const { replayHandler } = await import('../mock/replay.ts');
      const { handler, notes } = await replayHandler(source.path, { speed: source.speed });
      return { site: routePerPath(handler), notes };
    }
    case 'lines':
      return source.path === '-' ? serveLive(await context.liveLines()) : serveLines(source, fixed);
    case 'upstream': {
      const { upstreamHandler } = await import('../mock/upstream/handler.ts');
      const { url, cert, key } = source;
      const identity = { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
      return { site: routePerPath(await upstreamHandler({ url: new URL(url), fixed, ...identity })) };
    }
  }
}

async function prepareScenario(
  path: string,
  seed: number | undefined,
  { fixed, seed: fallbackSeed, warn }: SourceContext,
): Promise<PreparedSource> {
  const [{ loadScenario }, { watchScenario }] = await Promise.all([
    import('../mock/scenario/load.ts'),
    import('../mock/scenario/watch.ts'),
  ]);
  const options = { fixed, fallbackSeed, ...(seed === undefined ? {} : { seed }) };
  const site = await loadScenario(path, options);
  return {
    site,
    seed: site.seed,
    start(serve) {
      const callbacks = {
        onSite(changed: Site) {
          serve(changed);
          warn(`${path} has changed: new requests get the new version`);
        },
        onError({ message }: Error) {
          for (const line of message.split('\n')) warn(line);
          warn(`${path} is wrong now: the version before goes on`);
        },
      };
      // The seed was told when the server began: a change of it would make that a lie.
      const watch = watchScenario(path, callbacks, { fixed, seed: site.seed });
      return { stop: () => watch.close() };
    },
  };
}

async function serveLines(
  { path, intervalMs, count }: Extract<Source, { kind: 'lines' }>,
  fixed: boolean,
): Promise<PreparedSource> {
  const { linesHandler } = await import('../mock/lines.ts');
  const pace = intervalMs === undefined ? {} : { intervalMs };
  return { site: oneRoute(await linesHandler(path, { ...pace, count, fixed })) };
}

function serveLive(lines: LiveLines): PreparedSource {
  return { site: oneRoute(lines.handler), observer: lines.observer, start: () => lines };
}
