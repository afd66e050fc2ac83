import { isLanguage, unlistedId, unlistedName, unlistedText } from '../diagnosis/unlisted.ts';
import { PRODUCTS } from '../fixes/products.ts';
import { SHOWS_SETTINGS, type ShowsSettings } from './explain-settings.ts';
import type { FaultId } from './fault.ts';

/** How somebody goes on where no catalogue has the cause: plain data. */
export interface UnlistedExplanation {
  /** `nginx.unlisted` */
  id: string;
  /** Whose it is; absent where nobody was seen whose it may be. */
  product?: string;
  what: string;
  /** What a run has seen that tells it so. */
  seen: string;
  /** What prints the settings that are in force. */
  show: readonly ShowsSettings[];
  /** Where nothing does: where they are. */
  where?: string;
  /** What to look for in them, by what is seen: in words, and as faults are called. */
  lookFor: readonly { when: string; faults: readonly FaultId[]; what: string }[];
  /** How to find it, whatever it is. */
  narrow: string;
  /** Those of that product that the catalogue has. */
  known: readonly string[];
}

const SOMEBODY = 'somebody';

const LOOK_FOR: UnlistedExplanation['lookFor'] = [
  {
    when: 'events, heads or bodies of requests are held',
    faults: [
      ...(['buffer.until-end', 'buffer.threshold', 'buffer.timer', 'buffer.one-behind'] as const),
      ...(['buffer.headers', 'buffer.request-body', 'buffer.unbounded'] as const),
      ...(['headers.late', 'special-case.type-or-method', 'h2.stalled-sibling'] as const),
    ],
    what: 'what collects: buffers, caches, flush intervals, filters that rewrite or inspect bodies (a WAF, substitutions, scripts)',
  },
  {
    when: 'events are held where they are compressed',
    faults: ['compression.holds-events'],
    what: 'what compresses every type, and not only those that have to be: text/event-stream is to be left out',
  },
  {
    when: 'streams are cut',
    faults: ['idle.cut', 'idle.cut-before-headers', 'lifetime.cut'],
    what: 'timeouts, at each place that may set one: reading, sending, idle connections, whole requests; and what ends workers, as a reload does',
  },
  {
    when: 'one side does not hear that the other has gone',
    faults: ['client-gone.unnoticed', 'client-gone.on-next-write', 'truncation.masked', 'truncation.hangs'],
    what: 'what keeps the two connections apart: a cache, another version of HTTP towards the origin, a script that forwards by itself',
  },
  {
    when: 'the origin is asked too seldom, or too often',
    faults: [
      ...(['cache.shared', 'cache.shared-when-public', 'cache.waits-for-first'] as const),
      ...(['origin.not-asked', 'retry.repeated'] as const),
    ],
    what: 'what stores answers or makes one request of several, retries, limits of requests, servers beside this one',
  },
  {
    when: 'what comes is not what was sent',
    faults: [
      ...([
        'headers.lost',
        'headers.cors-twice',
        'headers.type-changed',
        'headers.not-of-a-stream',
        'request.header-lost',
        'request.body-lost',
      ] as const),
      ...(['bytes.changed', 'status.changed', 'early-hints.broken'] as const),
    ],
    what: 'what sets, removes or renames headers, rewrites bodies, or puts pages of its own in the place of answers',
  },
  {
    when: 'more streams, or more bytes, are refused',
    faults: ['capacity.limit', 'h2.stream-limit', 'h2.few-streams', 'rate.limit', 'stream.stalled'],
    what: 'limits of connections, streams, workers, open files, and bytes a second',
  },
];

const NARROW =
  'give the stream a route of its own, with nothing in it but the forwarding. Where the fault is gone there, what was left out makes it: put it back by halves, and check each time';

/** Every name that results may have of a cause that no catalogue has. */
export function unlistedIds(): string[] {
  return [undefined, ...PRODUCTS.map(({ id }) => id), 'node', 'go'].map(unlistedId);
}

/** How to go on with the cause of that name, where there is one. */
export function explainUnlisted(id: string): UnlistedExplanation | undefined {
  if (!unlistedIds().includes(id)) return undefined;
  const product = id.slice(0, id.lastIndexOf('.'));
  const show = SHOWS_SETTINGS[product] ?? [];
  const common = {
    ...{ id, show, lookFor: LOOK_FOR, narrow: NARROW },
    ...(show.length === 0 && { where: whereOf(product) }),
  };
  if (product === SOMEBODY) return { ...common, ...ofSomebody() };
  const name = unlistedName(product);
  return {
    ...common,
    product: name,
    what: unlistedText(product),
    seen: `a fault, and ${name} in between, none of whose known causes is sure enough: what was measured rules them out, or they would look otherwise`,
    known: PRODUCTS.find((each) => each.id === product)?.causes.map((each) => each.id) ?? [],
  };
}

function ofSomebody(): Pick<UnlistedExplanation, 'what' | 'seen' | 'narrow' | 'known'> {
  return {
    what: unlistedText(undefined),
    seen: 'a fault that those who were seen in between hardly make: somebody makes it who leaves no trace, or one that is not known',
    narrow:
      'ask each server on the way by its own address, the nearest to the origin first. The first that shows the fault, or the way to it, makes it',
    known: [],
  };
}

function whereOf(product: string): string {
  return isLanguage(product)
    ? 'in its own code: how it copies the body, whether it flushes, and what is wrapped around the handler'
    : 'in its console, its API or its files: what is set for this host and path, and for all of them; rules and functions that run for it';
}
