import type { Handler } from '../answer.ts';
import { parameter } from '../overrides.ts';
import { oneRoute, type Site } from '../site.ts';
import type { Preset, PresetOptions } from './preset.ts';
import { parsePreset } from './registry.ts';

/** Every request gets the preset, or another one where its query asks for it: `?preset=openai`. */
export function presetSite(preset: Preset, options: PresetOptions): Site {
  const handlers = new Map<Preset, Handler>();
  const handlerOf = (wanted: Preset) => {
    let handler = handlers.get(wanted);
    if (handler === undefined) {
      handler = wanted.create(options);
      handlers.set(wanted, handler);
    }
    return handler;
  };
  handlerOf(preset);
  return oneRoute((request) => {
    const asked = options.fixed === true ? null : request.query.get('preset');
    return handlerOf(asked === null ? preset : parameter('preset', () => parsePreset(asked)))(request);
  });
}
