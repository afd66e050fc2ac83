import type { EncodableEvent } from '../../sse/encoder.ts';
import type { Frame } from '../wire/frame.ts';

/** An event of a channel, encoded once for all who get it. */
export interface ChannelEvent {
  /** With the id that streams resume by. */
  readonly event: EncodableEvent;
  readonly frame: Frame;
  /** For streams whose ids are their own: with an id only where the publisher gave one. */
  readonly eventWithoutId: EncodableEvent;
  readonly frameWithoutId: Frame;
}

export interface PublishedEvent {
  event?: string;
  data: string;
  id?: string;
}

export interface Published {
  /** The id it got, by channel. */
  ids: Readonly<Record<string, string>>;
  /** Streams of this server that carry one of its channels. */
  streams: number;
}

/** Where a stream joins its channels: behind an event, or now. Opaque but for `found`. */
export interface Position {
  /** False where `lastEventId` has left the buffer or was never given here: then it is the oldest that is kept. */
  readonly found: boolean;
}

/** Channels and what they remember. */
export interface Hub {
  /**
   * To several channels it is an event in each: a stream that carries two of them gets it twice, with two ids.
   *
   * @throws RequestError 400 for an event that can't be sent, 503 where the store is out of reach
   */
  publish(channels: readonly string[], event: PublishedEvent): Promise<Published>;
  /**
   * @param lastEventId '' joins now
   * @throws RequestError 400 for channels that can't be, 503 where the store is out of reach
   */
  locate(channels: readonly string[], lastEventId: string): Promise<Position>;
  /** Hands over everything behind the position, then what comes, in order, none lost and none twice. */
  follow(channels: readonly string[], position: Position, reader: HubReader): Following;
  close(): Promise<void>;
}

/** A stream. None of its methods may publish: others have not got the event before yet. */
export interface HubReader {
  take(event: ChannelEvent): void;
  /** It holds so much that a replay should wait for `onceReady`; what is live comes regardless. */
  readonly busy: boolean;
  onceReady(callback: () => void): void;
  /** It was so slow that events left the buffer before it got them: its stream ends. */
  overrun(): void;
}

export interface Following {
  stop(): void;
}
