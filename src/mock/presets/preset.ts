import type { Handler } from '../answer.ts';
import type { ShapeName, ShapeValues } from '../overrides.ts';
import type { MockRequest } from '../request.ts';

/** A ready-made stream: what a kind of service sends, as its clients expect it. */
export interface Preset {
  name: string;
  /** One line, as lists of presets show it. */
  summary: string;
  /** Values of shape, flags or query parameters, that mean something to it. */
  uses: readonly ShapeName[];
  /**
   * Called once for a server: what the handler remembers, sessions for one, is the server's.
   *
   * @throws InvalidValue for a shape that makes no sense together, or a template that names nothing
   */
  create(options: PresetOptions): Handler;
}

export interface PresetOptions {
  /** What the flags say; a query parameter of the same name beats them. */
  shape?: ShapeValues;
  /** Parameters of the query mean nothing. Default false. */
  fixed?: boolean;
  /** Default 0. */
  seed?: number;
  /** Wall clock, milliseconds since the epoch. */
  clock?: () => number;
  /** For what takes its time without being a stream. Default: a timer, which the client's leaving ends. */
  wait?: (ms: number, request: MockRequest) => Promise<void>;
}
