import { heartbeatLine } from './heartbeat.ts';

/** What several causes, and whoever knows none, have the origin do: said in one way, so that it is printed once. */

/** Into silence, so that a stream stays open and a client that has left is noticed. */
export const HEARTBEAT = heartbeatLine();

/** For a head that waits for the first bytes of the body, and for one that must not come late. */
export const HEAD_AT_ONCE =
  "send the headers and a comment at once, before the work begins   (Node: res.write(':\\n\\n'); elsewhere a colon and two line feeds, flushed; clients pass over it)";

/** For who lets an event go when the next one comes. */
export const AFTER_EACH_EVENT =
  "send a comment right after each event   (Node: res.write(':\\n\\n'); elsewhere a colon and two line feeds; clients pass over it)";

/** For who ends in order what broke off. */
export const LAST_EVENT =
  "end each whole stream with an event of its own; without it the client retries   (Node: res.write('event: done\\ndata: \\n\\n'))";

/** Who heeds `X-Accel-Buffering`: nginx, and what is made of it. */
export const HEEDS_ACCEL_BUFFERING: readonly string[] = ['nginx', 'ingress-nginx'];

/** For who has places for few streams. */
export const ONE_FOR_ALL_TABS =
  'one stream for a browser instead of one for a tab: share it through a SharedWorker or BroadcastChannel';

/** For who compresses what the client accepts. */
export const NO_TRANSFORM = 'Cache-Control: no-cache, no-transform';

/** For who decides by the type what is a stream. */
export const BARE_TYPE = 'Content-Type: text/event-stream   (without a parameter)';
