import { seededRandom } from '../../../stats/random.ts';
import type { RpcId } from './rpc.ts';
import type { ServerMessages } from './server-messages.ts';
import type { Timeline } from './timeline.ts';

/** Sessions that are remembered; past it the one that was silent longest is forgotten, and its client gets 404. */
const MOST_SESSIONS = 1_000;
/** Of one session, for those who resume. The newest stays in any case. */
const MOST_STREAMS = 64;
const MOST_STREAM_BYTES = 128 * 1024;

interface CallStream {
  requestId: RpcId;
  timeline: Timeline;
}

/** What the server remembers of one client. */
export class Session {
  readonly id: string;
  readonly protocolVersion: string;
  readonly messages: ServerMessages;
  readonly #streams = new Map<string, CallStream>();
  #numbered = 0;

  constructor(id: string, protocolVersion: string, messages: ServerMessages) {
    this.id = id;
    this.protocolVersion = protocolVersion;
    this.messages = messages;
  }

  /** Name of the next stream, which the ids of its events begin with. */
  nextKey(): string {
    this.#numbered += 1;
    return `c${this.#numbered}`;
  }

  /** Remembers a stream, so that it can be resumed. */
  keep(key: string, requestId: RpcId, timeline: Timeline): void {
    this.#streams.set(key, { requestId, timeline });
    let bytes = 0;
    for (const kept of this.#streams.values()) bytes += kept.timeline.sizeBytes;
    for (const [oldest, kept] of this.#streams) {
      if (oldest === key || (this.#streams.size <= MOST_STREAMS && bytes <= MOST_STREAM_BYTES)) return;
      this.#streams.delete(oldest);
      bytes -= kept.timeline.sizeBytes;
    }
  }

  stream(key: string): Timeline | undefined {
    return this.#streams.get(key)?.timeline;
  }

  /** The client no longer waits for the answer. */
  cancel(requestId: unknown): void {
    for (const kept of this.#streams.values())
      if (kept.requestId === requestId) kept.timeline.cancelled = true;
  }

  end(): void {
    for (const { timeline } of this.#streams.values()) timeline.cancelled = true;
    this.messages.ended = true;
  }
}

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #seed: number;
  #numbered = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  open(protocolVersion: string, messages: ServerMessages): Session {
    this.#numbered += 1;
    const session = new Session(sessionId(this.#seed, this.#numbered), protocolVersion, messages);
    this.#sessions.set(session.id, session);
    for (const [id, oldest] of this.#sessions) {
      if (this.#sessions.size <= MOST_SESSIONS) break;
      oldest.end();
      this.#sessions.delete(id);
    }
    return session;
  }

  find(id: string): Session | undefined {
    const session = this.#sessions.get(id);
    if (session !== undefined) {
      // To the end of the map's order: the first is the one that was silent longest.
      this.#sessions.delete(id);
      this.#sessions.set(id, session);
    }
    return session;
  }

  close(session: Session): void {
    session.end();
    this.#sessions.delete(session.id);
  }
}

/** No two of a server are the same, and the same run gives the same. */
function sessionId(seed: number, number: number): string {
  const random = seededRandom(seed, 'mcp session', number);
  const drawn = Array.from({ length: 3 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  );
  return `${number}-${drawn.join('')}`;
}
