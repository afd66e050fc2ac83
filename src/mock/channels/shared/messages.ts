import type { Published, PublishedEvent } from '../hub.ts';

/** What a shared hub says to the sequencer. */
export type ToSequencer =
  /** An event that was admitted there, to be put into the order. */
  | { type: 'publish'; request: number; channels: readonly string[]; event: PublishedEvent }
  /** Asks for everything that has been put into the order so far. */
  | { type: 'catch-up'; request: number }
  /** An event has been handed over to so many streams; they come in the order in which events were sent. */
  | { type: 'delivered'; streams: number };

/** What the sequencer says to a shared hub. */
export type FromSequencer =
  /** The next event, behind that position. */
  | { type: 'event'; channels: readonly string[]; event: PublishedEvent; behind: number }
  /** All have delivered what was published. */
  | { type: 'published'; request: number; published: Published }
  | { type: 'refused'; request: number; status: number; message: string; headers: Record<string, string> }
  /** Everything up to the moment of the question has been sent before this. */
  | { type: 'caught-up'; request: number };
