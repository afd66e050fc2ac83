import type { OriginFix } from './cause-kind.ts';
import {
  AFTER_EACH_EVENT,
  BARE_TYPE,
  HEAD_AT_ONCE,
  HEARTBEAT,
  HEEDS_ACCEL_BUFFERING,
  LAST_EVENT,
  NO_TRANSFORM,
  ONE_FOR_ALL_TABS,
} from './origin-lines.ts';
import * as sign from './signs.ts';

const ACCEL_BUFFERING = {
  // Unless it was tried, no likelier than that it is nginx at all.
  helps: 0.25,
  line: 'X-Accel-Buffering: no',
  basis: 'measured',
  caution: 'only nginx and what is made of it heeds this header',
  heededBy: HEEDS_ACCEL_BUFFERING,
} as const;

const PASSED_ON = { probe: 'xab', figure: 'xabRemoved', is: false };

/** What the origin can do, whoever is in between. */
export const ORIGIN_FIXES: readonly OriginFix[] = [
  {
    faults: ['buffer.until-end', 'buffer.threshold'],
    signs: [sign.xabCures(60, 0)],
    ...ACCEL_BUFFERING,
  },
  {
    faults: ['buffer.headers'],
    signs: [
      sign.xabFreesHead(60, 0),
      // It came through, and nobody heeded it: that a head came sooner was by chance.
      { probe: 'xab', figure: 'xabCures', is: false, times: 0, given: [PASSED_ON] },
    ],
    ...ACCEL_BUFFERING,
  },
  {
    faults: ['compression.holds-events'],
    helps: 0.6,
    signs: [sign.noTransformCures(20, 0)],
    line: NO_TRANSFORM,
    basis: 'measured',
  },
  {
    faults: ['bytes.changed'],
    helps: 0.3,
    signs: [{ probe: 'bytes', figure: 'noTransformKeeps', is: true, times: 20, otherwise: 0 }],
    line: NO_TRANSFORM,
    basis: 'documented',
    source: 'https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.6',
  },
  {
    faults: ['buffer.headers'],
    helps: 0.7,
    signs: [
      sign.besides('buffer.threshold', 0),
      sign.besides('buffer.until-end', 0),
      sign.besides('buffer.timer', 0),
    ],
    line: HEAD_AT_ONCE,
    basis: 'measured',
  },
  {
    faults: ['idle.cut'],
    // It helps, and what the limit is for goes on: where the proxy is known, its own line comes first.
    helps: 0.5,
    line: HEARTBEAT,
    basis: 'measured',
    caution: 'the interval must be under half of the shortest silence that is cut',
  },
  {
    faults: ['idle.cut-before-headers'],
    helps: 0.7,
    line: HEAD_AT_ONCE,
    basis: 'measured',
  },
  {
    faults: ['client-gone.on-next-write'],
    helps: 0.9,
    line: HEARTBEAT,
    basis: 'measured',
  },
  {
    faults: ['lifetime.cut'],
    eases: true,
    helps: 0.4,
    line: 'give each event an id, answer Last-Event-ID, and end each stream by itself before it is cut',
    basis: 'documented',
    source: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header',
  },
  {
    faults: ['truncation.masked'],
    eases: true,
    helps: 0.6,
    line: LAST_EVENT,
    basis: 'documented',
    source: 'https://www.rfc-editor.org/rfc/rfc9112#section-8',
  },
  {
    faults: ['truncation.hangs', 'stream.stalled'],
    eases: true,
    helps: 0.6,
    line: `have the client give up after two heartbeats that did not come\n${HEARTBEAT}`,
    basis: 'documented',
    source: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes',
  },
  {
    faults: ['cache.shared', 'cache.waits-for-first'],
    helps: 0.7,
    line: 'Cache-Control: no-store',
    basis: 'documented',
    source: 'https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.5',
  },
  {
    faults: ['cache.shared-when-public'],
    helps: 0.95,
    line: 'Cache-Control: no-cache, no-transform   (and not: public)',
    basis: 'measured',
  },
  {
    faults: ['buffer.one-behind'],
    helps: 0.7,
    line: AFTER_EACH_EVENT,
    basis: 'documented',
    source: 'https://github.com/featurehub-io/featurehub/issues/296',
  },
  {
    faults: ['request.header-lost'],
    eases: true,
    helps: 0.3,
    line: 'take from the URL what does not arrive: /events?lastEventId=…   (the client adds it when it connects again)',
    basis: 'documented',
    source: 'https://github.com/Yaffle/EventSource',
  },
  {
    faults: ['status.changed'],
    eases: true,
    helps: 0.2,
    line: 'say in an event what the client is to do, too: event: error-of-mine   (a status is for whoever passes it on)',
    basis: 'documented',
    source: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation',
  },
  {
    faults: ['buffer.unbounded'],
    eases: true,
    helps: 0.2,
    line: 'wait for the client: run no further ahead than it has confirmed, by requests of its own',
    basis: 'documented',
    // No more than this is said anywhere: what holds a sender back ends at the next hop.
    source: 'https://www.rfc-editor.org/rfc/rfc9113#section-5.2.1',
  },
  {
    faults: ['client-gone.unnoticed'],
    eases: true,
    helps: 0.3,
    line: 'end each stream by itself after some minutes: a client that is there comes back with its Last-Event-ID',
    basis: 'documented',
    source: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header',
  },
  {
    faults: ['buffer.request-body'],
    eases: true,
    helps: 0.2,
    line: 'take what is large by a request of its own, and have the stream asked for by another one',
    basis: 'documented',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-9.3.3',
  },
  {
    faults: ['retry.repeated'],
    eases: true,
    helps: 0.5,
    line: 'do nothing twice: take an Idempotency-Key from the client, and answer a repeated one with what is there',
    basis: 'documented',
    source: 'https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/',
  },
  {
    faults: ['special-case.type-or-method'],
    helps: 0.6,
    signs: [
      { figure: 'heldVariant', is: ['charset', 'textPlain'], times: 1, otherwise: 0 },
      // It is held as well.
      { figure: 'heldVariant', is: 'usual', times: 0 },
    ],
    line: BARE_TYPE,
    basis: 'documented',
    source: 'https://github.com/cloudflare/cloudflared/issues/262',
  },
  {
    faults: ['early-hints.broken'],
    helps: 0.9,
    line: 'send no 103 Early Hints',
    basis: 'measured',
  },
  {
    faults: ['capacity.limit', 'h2.stream-limit', 'h2.stalled-sibling', 'h2.few-streams'],
    eases: true,
    helps: 0.3,
    line: ONE_FOR_ALL_TABS,
    basis: 'documented',
    source: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes',
  },
  {
    faults: ['headers.not-of-a-stream'],
    helps: 0.9,
    signs: [
      // What the origin says already does not arrive, or nobody heeds it.
      { figure: 'cacheControlChanged', is: true, times: 0 },
      { figure: 'noTransformIgnored', is: true, times: 0 },
    ],
    line: NO_TRANSFORM,
    basis: 'documented',
    source: 'https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2',
    caution: 'without a Content-Length, and without a Content-Encoding that nobody asked for',
  },
];
