import { SseKitError } from '../../client/errors.ts';
import { RecordingError } from '../../recording/recording-error.ts';
import { findRecording, type RecordingFile } from '../../recording/recording-file.ts';
import { toMicroseconds } from '../../stats/microseconds.ts';
import { type ConnectionFacts, MOST_CONNECTIONS, openFacts, withEnding } from './connections.ts';
import { Ignored } from './ignored.ts';
import { type RecordedEvent, type RunItem, recordedRun } from './received.ts';
import { EventTimes } from './timing.ts';

/** A recording that is compared. */
export interface Compared {
  /** What messages call it: `--from a.ndjson`. */
  name: string;
  file: RecordingFile;
  /** What of its events makes no difference. */
  ignored: Ignored;
}

/** @throws SseKitError exit 2 for what can't be read */
export async function findCompared(
  path: string,
  name: string,
  ignored = new Ignored([], ''),
): Promise<Compared> {
  try {
    return { name, file: await findRecording(path), ignored };
  } catch (error) {
    throw named(error, name);
  }
}

/** What is said of a file, at most. */
const MOST_NOTES = 10;

/** So many values of `retry:` are kept. */
const MOST_RETRIES = 1000;

/** An event as it was, as it is compared, and the time since the one before it on its connection. */
export interface ReadEvent {
  event: RecordedEvent;
  compared: RecordedEvent;
  gap: number | undefined;
}

/** Reads the events of a recorded run one by one, and keeps the facts that lie between them. */
export class RunReader {
  readonly connections: ConnectionFacts[] = [];
  readonly times = new EventTimes();
  /** Each valid `retry:` that was another than the one before. */
  readonly retries: number[] = [];
  /** What its user should know of the file. */
  readonly notes: string[] = [];
  events = 0;
  comments = 0;
  connectionCount = 0;
  /** Start of the first attempt until its first event. */
  firstEvent: number | undefined;
  readonly #items: AsyncGenerator<RunItem, void, undefined>;
  #startedAt = 0;

  readonly #name: string;
  readonly #ignored: Ignored;

  constructor({ file, name, ignored }: Compared) {
    this.#name = name;
    this.#ignored = ignored;
    this.#items = recordedRun(file, (text) => {
      if (this.notes.length < MOST_NOTES) this.notes.push(text);
    });
  }

  /**
   * The next event; `undefined` after the last.
   *
   * @throws SseKitError exit 2 for a line that is no record
   */
  async next(): Promise<ReadEvent | undefined> {
    try {
      return await this.#nextEvent();
    } catch (error) {
      throw named(error, this.#name);
    }
  }

  /** No more is wanted: closes the file. */
  async close(): Promise<void> {
    await this.#items.return();
  }

  async #nextEvent(): Promise<ReadEvent | undefined> {
    for (let next = await this.#items.next(); next.done !== true; next = await this.#items.next()) {
      const item = next.value;
      if (item.kind !== 'event') {
        this.#note(item);
        continue;
      }
      const { event } = item;
      this.events += 1;
      if (event.conn === 1 && this.firstEvent === undefined) {
        this.firstEvent = toMicroseconds(event.t - this.#startedAt);
      }
      return { event, compared: this.#ignored.leaveOut(event), gap: this.times.add(event) };
    }
    if (this.connectionCount === 0) {
      throw new RecordingError('there is no connection in it', {
        hint: 'a recording has at least an "open" line: `ssekit listen --record FILE URL` writes one',
      });
    }
    return undefined;
  }

  #note(item: Exclude<RunItem, { kind: 'event' }>): void {
    switch (item.kind) {
      case 'begin':
        this.connectionCount = item.conn;
        if (item.conn === 1) this.#startedAt = attemptStart(item.open);
        if (item.conn <= MOST_CONNECTIONS) this.connections.push(openFacts(item.open));
        return;
      case 'end': {
        const facts = this.connections[item.conn - 1];
        if (facts !== undefined) this.connections[item.conn - 1] = withEnding(facts, item.close);
        return;
      }
      case 'comment':
        this.comments += 1;
        return;
      case 'retry':
        if (item.ms !== this.retries.at(-1) && this.retries.length < MOST_RETRIES) this.retries.push(item.ms);
    }
  }
}

/** The headers are told with what it took until they came. */
function attemptStart(open: Extract<RunItem, { kind: 'begin' }>['open']): number {
  return open === undefined ? 0 : open.t - (open.timing?.headers ?? 0);
}

function named(error: unknown, name: string): unknown {
  if (!(error instanceof RecordingError)) return error;
  const { code, message, line } = error;
  // Something else that can be listened to, and so be made a recording.
  const hint =
    line === 1 ? `${error.hint}; of another file \`--from FILE --record NEW.ndjson\` makes one` : error.hint;
  return new SseKitError(code, 2, `${name}: ${message}`, { hint, cause: error });
}
