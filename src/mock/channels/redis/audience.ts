import { EncodedEvent } from '../encoded-event.ts';
import type { ChannelEvent } from '../hub.ts';
import type { Entry } from './entry.ts';
import type { RedisFollower } from './redis-follower.ts';
import { wireId } from './stream-id.ts';
import type { TailedChannel } from './tailed-channel.ts';

/**
 * The streams that carry the same channels. Those of them that are live have all had the same, so that an event has
 * one id, and is encoded once, for all of them.
 */
export class Audience {
  /** In the order of their names. */
  readonly channels: readonly TailedChannel[];
  readonly followers = new Set<RedisFollower>();

  constructor(channels: readonly TailedChannel[]) {
    this.channels = channels;
  }

  /** The channel's position is the entry's already. */
  handOut(entry: Entry): void {
    let encoded: ChannelEvent | undefined;
    for (const follower of this.followers) {
      if (!follower.live) continue;
      encoded ??= new EncodedEvent(entry.event, wireId(this.channels.map(({ position }) => position)));
      follower.reader.take(encoded);
    }
  }

  /** One that nobody keeps: those who catch up would never get it. */
  relay(event: ChannelEvent): void {
    for (const { reader } of this.followers) reader.take(event);
  }
}
