import { usageError } from '../../client/errors.ts';
import { type ShapeName, type ShapeValues, shapeOfQuery } from '../overrides.ts';
import type { MockRequest } from '../request.ts';
import type { Preset, PresetOptions } from './preset.ts';

/** What one request gets: the flags, and over them its query. */
export function shapeFor(request: MockRequest, { shape = {}, fixed = false }: PresetOptions): ShapeValues {
  return fixed ? shape : { ...shape, ...shapeOfQuery(request.query) };
}

/**
 * @param spell how whoever gave them writes their names
 * @throws SseKitError `USAGE` (exit 2) for a value that would change nothing
 */
export function refuseUselessShape(
  { name, uses }: Preset,
  shape: ShapeValues,
  spell: (name: ShapeName) => string,
): void {
  const useless = (Object.keys(shape) as ShapeName[]).find((each) => !uses.includes(each));
  if (useless === undefined) return;
  const takes = uses.map(spell).join(', ');
  throw usageError(
    `${spell(useless)}: the preset ${name} has no use for it`,
    takes === '' ? 'It takes nothing of shape.' : `It takes ${takes}.`,
  );
}
