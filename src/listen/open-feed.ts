import type { Readable } from 'node:stream';
import { machineClock } from './clock.ts';
import type { Feed } from './feed.ts';
import { httpFeed } from './http-feed.ts';
import type { ListenOptions } from './options.ts';
import { stdinFeed } from './stdin-feed.ts';

/** Where the attempts of the run come from, and the clock that they are on; it starts now. */
export function openFeed({ source, reconnect }: ListenOptions, stdin: () => Readable): Feed {
  switch (source.kind) {
    case 'http':
      return httpFeed(source.request, reconnect, machineClock());
    case 'stdin':
      return stdinFeed(stdin(), source.maxEventSizeBytes, machineClock());
    case 'recording':
      return source.feed;
  }
}
