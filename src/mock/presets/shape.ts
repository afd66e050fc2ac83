import { type ShapeValues, shapeOfQuery } from '../overrides.ts';
import type { MockRequest } from '../request.ts';
import type { PresetOptions } from './preset.ts';

/** What one request gets: the flags, and over them its query. */
export function shapeFor(request: MockRequest, { shape = {}, fixed = false }: PresetOptions): ShapeValues {
  return fixed ? shape : { ...shape, ...shapeOfQuery(request.query) };
}
