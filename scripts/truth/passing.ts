/** What a server does with what is published to it. */
export interface Passing {
  /** What is published before this number nobody gets: all streams are there then. */
  first: number;
  /** Numbers that it does not take. */
  refused: readonly number[];
  /** What the streams get, in turn: the one with number n the n-th, and behind the last the first one again. */
  shares: readonly Share[];
}

/** What a stream gets of what is published. */
export interface Share {
  /** Until it is passed on. */
  delayMs: number;
  dropped?: readonly number[];
  repeated?: readonly number[];
  /** Nothing behind this number; 0: nothing at all. */
  until?: number;
  /** Ended in order behind this number; when it is back, the last three come again. */
  endsBehind?: number;
}

/** What a server did with what was published. */
export interface PassedOn {
  /** What came to be published, in that order. */
  published: readonly Published[];
  passed: readonly Passed[];
}

export interface Published {
  n: number;
  /** As its stamp has it, and when the server had read it: milliseconds on the monotonic clock. */
  sentAt: number;
  readAt: number;
  accepted: boolean;
}

/** An event that was written to a stream. */
export interface Passed {
  stream: number;
  /** Of that stream's connections, from 0. */
  attempt: number;
  n: number;
  at: number;
}
