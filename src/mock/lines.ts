import type { EncodableEvent } from '../sse/encoder.ts';
import type { Handler } from './answer.ts';
import { readLineEvents } from './lines/file-lines.ts';
import type { LineEvent } from './lines/line-event.ts';
import { shapeOfQuery } from './overrides.ts';
import type { Schedule } from './step.ts';

export interface LinesOptions {
  /** Between the lines, and before the first. Default 1 s. */
  intervalMs?: number;
  /** The stream ends behind so many events. Default: with the last line. */
  count?: number | undefined;
  /** Queries change nothing. Default false. */
  fixed?: boolean;
}

const INTERVAL_MS = 1_000;

/**
 * Serves the lines of a file as events: every stream gets all of them, an interval apart, with their numbers from 1 as
 * ids unless a line has an id of its own. A stream resumes behind the id that the client saw last; who has had the last
 * event is told that there is no more (204), or would come back for ever.
 *
 * @throws SseKitError exit 2 for a file or a line that can't be served
 */
export async function linesHandler(path: string, options: LinesOptions = {}): Promise<Handler> {
  const { intervalMs = INTERVAL_MS, fixed = false } = options;
  const lines = numbered(await readLineEvents(path));
  const events = lines.filter(({ event }) => event !== undefined).length;
  // The last of those with the same id: what came before it has been seen.
  const places = new Map(
    lines.flatMap(({ event }, index) => (event?.id ? [[event.id, index] as const] : [])),
  );
  return ({ lastEventId, query }) => {
    const { interval, count } = fixed ? {} : shapeOfQuery(query);
    const last = Math.min(count ?? options.count ?? events, events);
    const place = places.get(lastEventId);
    if (place !== undefined && (lines[place]?.n ?? 0) >= last) return { kind: 'plain', status: 204 };
    const end = last === events ? lines.length : lines.findIndex(({ n }) => n === last) + 1;
    return {
      kind: 'stream',
      schedule: stepsOf(lines, place === undefined ? 0 : place + 1, end, interval ?? intervalMs),
      lostId: place === undefined && lastEventId !== '',
    };
  };
}

interface NumberedLine {
  comment: string | undefined;
  event: EncodableEvent | undefined;
  /** Of its event, from 1; of the last one before it where it has none. */
  n: number;
}

function numbered(lines: readonly LineEvent[]): NumberedLine[] {
  let n = 0;
  return lines.map(({ comment, event }) => {
    if (event !== undefined) n += 1;
    return { comment, event: event === undefined ? undefined : { id: String(n), ...event }, n };
  });
}

/** The lines from one place to another; a comment and the event of its line leave together. */
function* stepsOf(lines: readonly NumberedLine[], from: number, end: number, intervalMs: number): Schedule {
  for (let index = from; index < end; index += 1) {
    const { comment, event, n } = lines[index] ?? {};
    if (comment !== undefined) yield { kind: 'comment', text: comment, afterMs: intervalMs };
    if (event === undefined || n === undefined) continue;
    yield { kind: 'event', event, n, afterMs: comment === undefined ? intervalMs : 0 };
  }
}
