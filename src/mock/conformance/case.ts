import type { Observed } from './observed.ts';
import type { Verdict } from './verdict.ts';

/** A situation that a client is put into, and what is demanded of it there. */
export interface ConformanceCase {
  /** Stands in URLs and results. */
  id: string;
  /** The event types that it sends, for clients that must listen to each by name. Default: `message`. */
  eventTypes?: readonly string[];
  /**
   * The answer to the client's n-th request of the case, from 1; undefined: the case needs no such answer, though it
   * may judge the request.
   */
  act(n: number, setting: Setting): Act | undefined;
  requirements: readonly Requirement[];
  /** It begins with a clean end that the client must come back from: skipped where it is known not to. */
  needsReconnect?: boolean;
  /** It shows whether, and how soon, the client comes back after a clean end. */
  showsReturn?: boolean;
  /** Nothing of it can be told without reports of events. */
  needsReports?: boolean;
  /**
   * Silence after which the case is judged by what there is, milliseconds. Default: enough for a client to come back.
   *
   * @param usualWaitMs how long this client takes to come back
   */
  patienceMs?(usualWaitMs: number | undefined, setting: Setting): number;
}

/** `reports`: what the client hands over is told; `wire`: requests are all there is. */
export type Setting = 'reports' | 'wire';

export interface Requirement {
  id: string;
  /** What the client does, where it does right: its row in the table. */
  text: string;
  /** `may`: the standard leaves it open, so that doing otherwise is worth a note and no failure. */
  level: 'must' | 'may';
  /** Fragment of the section of the HTML standard that it comes from. */
  section: Section;
  /** Undefined: it can't be told yet; never so where `observed.over`. */
  judge(observed: Observed): Verdict | undefined;
}

/** Of https://html.spec.whatwg.org/multipage/server-sent-events.html */
export type Section =
  | 'the-eventsource-interface'
  | 'sse-processing-model'
  | 'the-last-event-id-header'
  | 'server-sent-events-intro'
  | 'parsing-an-event-stream'
  | 'event-stream-interpretation';

/** What a request gets. */
export type Act =
  | StreamAct
  | { kind: 'answer'; status: number; headers?: Readonly<Record<string, string>>; body?: string }
  /** To the same place, with a query by which it is known again. */
  | { kind: 'redirect'; status: number }
  /** RST instead of an answer. */
  | { kind: 'hang-up' };

export interface StreamAct {
  kind: 'stream';
  /** Each leaves in one write of its own. */
  writes: readonly Write[];
  /** What follows: the end of the stream in order, with the transfer unfinished, by RST; or nothing. */
  ending: 'eof' | 'cut' | 'reset' | 'hold';
  /** Send the event that closes the case behind the writes, where events are reported. Default true. */
  closing?: boolean;
  /** Default `text/event-stream`. */
  contentType?: string;
}

export interface Write {
  bytes: Uint8Array;
  /** After the write before it. */
  afterMs: number;
}
