import type { Fault, FaultId } from './fault.ts';

/** Every fault, in the order of the probes that find it. */
export const FAULTS: readonly Fault[] = [
  {
    id: 'buffer.until-end',
    title: 'events are held until the answer ends, or until they fill a buffer',
    harm: 'Nothing arrives while the stream is open, and everything at once when it closes, or when there is enough to fill a buffer. A stream that is meant to stay open delivers its events far too late, or never; where the proxy waits for its end only so long, it becomes an error (502, 504).',
    probes: ['timing', 'headers-first', 'threshold', 'xab'],
  },
  {
    id: 'buffer.threshold',
    title: 'events are held until a buffer is full',
    harm: 'Events wait for those that come after them, however long that takes: a chat token or a price appears seconds or hours late, and a quiet stream looks dead.',
    probes: ['timing', 'threshold', 'xab'],
  },
  {
    id: 'buffer.timer',
    title: 'events are held for a timer and come in batches',
    harm: 'Every event is late by up to the interval of the timer. Text from a language model comes in jerks, and latencies that are measured behind the proxy are those of the timer.',
    probes: ['timing', 'headers-first', 'threshold', 'xab'],
  },
  {
    id: 'buffer.one-behind',
    title: 'each event comes only with the next one',
    harm: 'The latest event is always missing: whoever waits for one answer waits until something else is sent.',
    probes: ['timing', 'encoding', 'xab'],
  },
  {
    id: 'rate.limit',
    title: 'only so many bytes of a stream come per second',
    harm: 'An origin that sends more is not slowed down at first: events come later and later, what is shown is ever older, and what waits fills the memory of whoever keeps it.',
    probes: ['threshold', 'encoding'],
  },
  {
    id: 'stream.stalled',
    title: 'a stream stops for good after so much, and stays open',
    harm: 'What came at first was live, then nothing comes any more, not even the end: the client waits on an open connection, and neither reconnects nor tells of an error.',
    probes: ['threshold'],
  },
  {
    id: 'buffer.headers',
    title: 'the response headers wait for the first bytes of the body',
    harm: 'A browser stays in the state "connecting" and fires no open event until something is sent; a client with a time limit for headers gives up on a stream that is merely quiet.',
    probes: ['headers-first'],
  },
  {
    id: 'headers.late',
    title: 'an answer begins late, though nothing is held then',
    harm: 'Each connection takes so much longer until it is open, and so does each reconnection: what is sent meanwhile is late, or missed where nobody replays it.',
    probes: ['timing', 'headers-first', 'threshold'],
  },
  {
    id: 'compression.holds-events',
    title: 'events are held where the answer is compressed',
    harm: 'Browsers ask for compression and curl does not: curl shows a stream that runs, while in the page events come late, when the compressor has gathered enough of them, or never.',
    probes: ['encoding'],
  },
  {
    id: 'special-case.type-or-method',
    title: 'only some content types or methods are passed on at once',
    harm: 'The proxy decides by Content-Type or method what is a stream. The same bytes with a charset parameter, as another type or as the answer to a POST are held.',
    probes: ['type-method'],
  },
  {
    id: 'idle.cut',
    title: 'a quiet stream is cut',
    harm: 'When nothing has been sent for a while (often 60 s) the proxy ends the stream, and the client has to reconnect. What is sent in the meantime is lost unless the origin replays it by Last-Event-ID.',
    probes: ['idle'],
  },
  {
    id: 'idle.cut-before-headers',
    title: 'an answer whose headers come late becomes an error',
    harm: 'Where the origin takes longer to begin than the proxy waits, the proxy answers in its place, with an error (500, 502, 503, 504). A browser does not reconnect after that: an EventSource that sees another status than 200 stays closed.',
    probes: ['idle'],
  },
  {
    id: 'lifetime.cut',
    title: 'a stream is cut at a certain age, busy or not',
    harm: 'Heartbeats do not help: every stream ends at the same age, and all that began together reconnect together. Each time, what the origin does not replay is lost.',
    probes: ['lifetime', 'idle'],
  },
  {
    id: 'client-gone.unnoticed',
    title: 'the origin never learns that the client has left',
    harm: 'Each visitor who leaves keeps a connection, its memory and its subscriptions on the origin, and paid tokens are generated for nobody, until something runs out.',
    probes: ['client-gone'],
  },
  {
    id: 'client-gone.on-next-write',
    title: 'the origin learns that the client has left only when it writes',
    harm: 'A quiet stream whose client has gone stays open at the origin until the origin writes again: one heartbeat longer where there are heartbeats, for ever where there are none.',
    probes: ['client-gone'],
  },
  {
    id: 'truncation.masked',
    title: 'a stream that broke off looks complete',
    harm: 'The origin dies in mid-stream, and the client is told that the answer was whole: half an answer is taken for all of it, and nothing is retried.',
    probes: ['truncation'],
  },
  {
    id: 'truncation.hangs',
    title: 'a stream that broke off stays open in silence',
    harm: 'The origin has died, and the client waits on a connection on which nothing will ever come: it does not reconnect until it gives up by itself.',
    probes: ['truncation'],
  },
  {
    id: 'cache.shared',
    title: 'one stream is given to several clients',
    harm: 'Whoever asks second gets what was made for somebody else, with their data: the same events as they come, or a recording of them, and none of their own.',
    probes: ['share'],
  },
  {
    id: 'cache.shared-when-public',
    title: 'a stream that is marked public is given to several clients',
    harm: 'Allowed by what the response says, and seldom meant: with "Cache-Control: public" the proxy stores the stream and replays it to others.',
    probes: ['share'],
  },
  {
    id: 'cache.waits-for-first',
    title: 'a second client waits until the stream of the first has ended',
    harm: 'The proxy keeps the second request waiting, to answer it from what it stores of the first. Behind a stream that stays open everybody else waits for good.',
    probes: ['share'],
  },
  {
    id: 'retry.repeated',
    title: 'a request that failed is sent to the origin again',
    harm: 'The proxy repeats by itself what the client asked for once: a POST that starts a job or bills a user happens twice.',
    probes: ['retry'],
  },
  {
    id: 'bytes.changed',
    title: 'the body is changed on its way',
    harm: 'Text is replaced, inserted or re-encoded. Events that have become longer, shorter or split no longer say what the origin sent.',
    probes: ['bytes', 'threshold'],
  },
  {
    id: 'origin.not-asked',
    title: 'some requests never reach the origin',
    harm: 'The proxy refuses them (a limit on how often one client may ask), drops them, serves something that it keeps, or asks another server. An EventSource that gets any status but 200 stays closed, also when it only came back after a lost connection.',
    probes: ['reach'],
  },
  {
    id: 'request.header-lost',
    title: 'a header of the request does not reach the origin',
    harm: 'Without Last-Event-ID the origin cannot tell a client that reconnects what it has missed; without Authorization or Cookie it does not know who asks.',
    probes: ['request'],
  },
  {
    id: 'request.body-lost',
    title: 'the body of a request does not reach the origin where it is JSON',
    harm: 'The origin waits for a body that somebody in front has read, and answers nothing: no prompt reaches a model, and no call an MCP server.',
    probes: ['post'],
  },
  {
    id: 'status.changed',
    title: 'the status or the body of an answer is changed',
    harm: 'Clients decide by the status whether they try again: 204 ends an EventSource, 429 and 503 say when to come back. Another status makes them do something else.',
    probes: ['status'],
  },
  {
    id: 'buffer.request-body',
    title: 'the body of a request is held until it is whole',
    harm: 'The origin sees nothing of an upload before its end, and cannot answer while it is being sent; large prompts start late.',
    probes: ['post'],
    onlyFor: 'large uploads',
  },
  {
    id: 'buffer.unbounded',
    title: 'the proxy takes in what the client does not read',
    harm: 'The origin cannot see that a client is slow. Megabytes pile up in the proxy for each of them, and what a slow client reads at last is old.',
    probes: ['slow-client'],
  },
  {
    id: 'capacity.limit',
    title: 'only so many streams run at once',
    harm: 'Each stream holds a slot for as long as it is open. When all are taken, the next client is refused or waits in silence, and so does every other request.',
    probes: ['capacity'],
  },
  {
    id: 'h2.stream-limit',
    title: 'one HTTP/2 connection carries fewer streams than the proxy announces',
    harm: 'A browser sends all requests of a page over one connection. Streams beyond the limit are accepted, and wait until another one ends, with no error that tells why.',
    probes: ['h2'],
  },
  {
    id: 'h2.stalled-sibling',
    title: 'a stream that is not read holds up the others of its HTTP/2 connection',
    harm: 'One tab or one slow reader takes nothing more, and every other stream of the same connection stops with it, though each has a window of its own.',
    probes: ['h2'],
  },
  {
    id: 'h2.few-streams',
    title: 'one HTTP/2 connection may carry only few streams at once',
    harm: 'A browser sends the requests of all its tabs to one site over one connection, and each open stream takes one of the places that the proxy announces (RFC 9113 recommends no fewer than 100). When all are taken, the next tab and every other request wait until one ends, with no error that tells why.',
    probes: ['h2'],
  },
  {
    id: 'early-hints.broken',
    title: 'an interim response (103 Early Hints) breaks the answer',
    harm: 'Where the origin sends the interim response 103 before its answer, the proxy hangs or answers with an error of its own: no stream of that origin gets through.',
    probes: ['1xx'],
  },
  {
    id: 'headers.type-changed',
    title: 'the Content-Type of a stream is changed',
    harm: 'An EventSource takes text/event-stream and nothing else: it fires an error, stays closed and never tries again, however well the bytes come. Compressors and browsers, which decide by the type, treat the answer as what it says it is.',
    probes: ['response-headers'],
  },
  {
    id: 'headers.not-of-a-stream',
    title: 'the head of the answer lets others store, compress or collect the stream',
    harm: 'Its Cache-Control lets caches store it or compressors change it, or it has a Content-Length, or an encoding that nobody asked for. Whoever is in between, today or after the next change there, may hand the stream to others, hold events back, or collect it before sending any of it.',
    probes: ['response-headers'],
  },
  {
    id: 'headers.lost',
    title: 'headers of an answer that a client goes by do not arrive',
    harm: 'Retry-After says when to come back, WWW-Authenticate how to log in, Location where to go, Set-Cookie which session it is: clients that are not told come back too soon, or not at all. Access-Control-Allow-Origin lets pages of another origin read the stream: without it their EventSource fails.',
    probes: ['response-headers', 'status'],
  },
  {
    id: 'headers.cors-twice',
    title: 'there are two Access-Control-Allow-Origin',
    harm: 'Pages of another origin may read a stream whose answer has that header once. Where both the application and the proxy write it, it is there twice, with which browsers let no page of another origin read anything: its EventSource fails. Where the application writes none, all is well.',
    probes: ['response-headers'],
  },
];

const BY_ID: ReadonlyMap<string, Fault> = new Map(FAULTS.map((fault) => [fault.id, fault]));

/** The fault of that name, where there is one. */
export function faultNamed(id: string): Fault | undefined {
  return BY_ID.get(id);
}

/** Flags of check-proxy that measure again what may have a fault. */
export function flagsThatMeasure(id: FaultId): string {
  const { probes } = BY_ID.get(id) ?? { probes: [] };
  return `--only ${probes.join(',')}${id === 'lifetime.cut' ? ' --long' : ''}`;
}
