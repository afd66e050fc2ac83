/**
 * What can be wrong, by what it does and not by who does it. Stable: results, `--explain` and the documentation call it so.
 */
export interface Fault {
  readonly id: FaultId;
  /** A phrase: what a user of the stream sees. */
  readonly title: string;
  /** What happens and why it does harm, a sentence or two. */
  readonly harm: string;
  /** Which probes find it: they prove that it is gone, too. */
  readonly probes: readonly string[];
  /** What alone it matters to, where most streams do without: what mends it is optional. */
  readonly onlyFor?: string;
}

export type FaultId =
  /** Events wait until a buffer is full, or the answer ends. */
  | 'buffer.threshold'
  | 'buffer.until-end'
  /** … for a timer. */
  | 'buffer.timer'
  | 'buffer.one-behind'
  /** No more bytes a second come than the proxy lets. */
  | 'rate.limit'
  /** A stream that ran stops behind so much, and stays open. */
  | 'stream.stalled'
  /** The head waits for the body. */
  | 'buffer.headers'
  /** The whole answer begins late. */
  | 'headers.late'
  | 'buffer.request-body'
  /** A fast origin is taken in without an end, whatever the client reads. */
  | 'buffer.unbounded'
  /** Events are held where the answer is compressed. */
  | 'compression.holds-events'
  | 'special-case.type-or-method'
  | 'idle.cut'
  | 'idle.cut-before-headers'
  | 'lifetime.cut'
  | 'client-gone.unnoticed'
  | 'client-gone.on-next-write'
  | 'truncation.masked'
  | 'truncation.hangs'
  | 'cache.shared'
  | 'cache.shared-when-public'
  | 'cache.waits-for-first'
  | 'retry.repeated'
  | 'bytes.changed'
  | 'request.header-lost'
  | 'request.body-lost'
  | 'status.changed'
  | 'capacity.limit'
  | 'h2.stream-limit'
  | 'h2.stalled-sibling'
  | 'h2.few-streams'
  | 'early-hints.broken'
  /** The proxy answers in the origin's place. */
  | 'origin.not-asked'
  /** The answer has another Content-Type than the origin gave it. */
  | 'headers.type-changed'
  /** The head of the answer lets others store, compress or collect the stream. */
  | 'headers.not-of-a-stream'
  /** A client isn't told when to come back, where to go, who it is, or that it may read the answer. */
  | 'headers.lost'
  /** The proxy adds a leave for pages of other origins beside that of the origin: two of it are none. */
  | 'headers.cors-twice';
