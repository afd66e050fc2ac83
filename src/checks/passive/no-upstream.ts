import { headerValue } from '../../client/headers.ts';
import type { StreamRequest } from '../../client/request.ts';
import { capital } from '../../notation/capital.ts';
import { maskUrl } from '../../results/redaction.ts';
import { writerOfPage } from '../between/error-page.ts';
import { durationText } from '../duration.ts';
import type { FaultId } from '../faults/fault.ts';
import { heartbeatFor } from '../fixes/heartbeat.ts';
import { PRODUCTS } from '../fixes/products.ts';
import type { Observation } from '../observation/observation.ts';
import { sinceSent } from './stream-seen.ts';

const FAULT: FaultId = 'idle.cut-before-headers';
const UNTIL_END: FaultId = 'buffer.until-end';
const [BAD_GATEWAY, UNAVAILABLE, TIMED_OUT] = [502, 503, 504];
/** Who tries to connect again and again gives up sooner than who waits for an answer: by this time at the latest. */
const WAITED_MS = 5_000;

/** They give up on an answer with 504 alone: another status is of a connection that did not come about. */
const TELLS_TIMEOUTS = new Set(['haproxy', 'nginx', 'envoy']);

/** What the direct way says of it, and where that leads; nothing where it was not looked at. */
export interface Directly {
  url: URL;
  says: 'a stream' | 'not there' | 'something else' | 'silent';
  /** How long its headers took, where they came. */
  headMs?: number;
}

/** What an answer in the place of the application's means, and what to do next. */
export interface NoUpstream {
  /** Behind what was answered: ` after 8.00 s: …`. */
  what: string;
  /** Ends with a command. */
  hint: string;
}

/** @returns nothing where it is no answer of a proxy that has none of the server behind it */
export function noUpstream(
  seen: Observation,
  request: StreamRequest,
  directly?: Directly,
): NoUpstream | undefined {
  const { head, body, end } = seen;
  if (head === undefined || ![BAD_GATEWAY, UNAVAILABLE, TIMED_OUT].includes(head.status)) return undefined;
  const afterMs = sinceSent(seen, head.at);
  const writer =
    writerOfPage(end?.info.body ?? body?.toString() ?? '') ??
    PRODUCTS.find(({ id }) => headerValue(head.headers, 'server')?.toLowerCase().startsWith(id))?.id;
  const waited = head.status === TIMED_OUT || (afterMs >= WAITED_MS && !TELLS_TIMEOUTS.has(writer ?? ''));
  if (
    waited &&
    directly?.headMs !== undefined &&
    directly.says === 'a stream' &&
    directly.headMs < afterMs / 2
  )
    return givenUp(request, directly, { afterMs, directMs: directly.headMs });
  if (waited) {
    return {
      what: ` after ${durationText(afterMs)}: a proxy waited so long for the headers of your application, and gave up (${FAULT})${directly?.says === 'silent' ? '; directly none had come by then, either' : ''}`,
      hint: `${remedies(writer, afterMs, directly)} (more: ssekit check-proxy --explain ${FAULT}). ${nextAfterWait(request, directly)}`,
    };
  }
  const whose =
    head.status === UNAVAILABLE && writer === undefined
      ? 'a proxy takes your application for dead, or the application itself says so'
      : 'a proxy has no answer of your application';
  return { what: ` after ${durationText(afterMs)}: ${whose}`, hint: nextWithoutOne(request, directly) };
}

/** What makes an application begin sooner, or a proxy wait longer for that, is of no use where it begins at once. */
function givenUp(
  { url }: StreamRequest,
  { url: direct }: Directly,
  { afterMs, directMs }: { afterMs: number; directMs: number },
): NoUpstream {
  return {
    what: ` after ${durationText(afterMs)}: directly the headers come after ${durationText(directMs)}, so that the proxy does not get them, or waits for the end of the answer and gives up (${UNTIL_END})`,
    hint: `Does the proxy forward to ${direct.host}? Its log says what it does not get there. If it does, it collects answers: look for what has it wait for them (HAProxy: take out http-response wait-for-body; more: ssekit check-proxy --explain ${UNTIL_END}). Then look again: ${besideCommand(url, direct)}`,
  };
}

/** The limit first, where it is known by name: what comes at once is silent again soon, and the limit counts then, too. */
function remedies(writer: string | undefined, afterMs: number, directly: Directly | undefined): string {
  const everyMs = heartbeatFor(afterMs);
  const application = `have the application send its headers and a comment at once, before the work begins, and from then on a comment every ${everyMs / 1_000} s (Node: res.write(':\\n\\n') behind writeHead)`;
  const product = PRODUCTS.find(({ id }) => id === writer);
  const fix = product?.causes.find(({ faults }) => faults.includes(FAULT))?.fixes[0];
  const both =
    product === undefined || fix === undefined
      ? `${application}, or raise the limit of the proxy`
      : `raise the limit of ${fix.where ?? product.name}: ${fix.line.replaceAll('\n', ', ')}; or ${application}`;
  return directly?.says === 'a stream' ? `Directly it came: ${both}` : capital(both);
}

function nextAfterWait({ url }: StreamRequest, directly: Directly | undefined): string {
  return directly === undefined
    ? `How long the application itself is silent, with its HOST:PORT: ${besideCommand(url)}`
    : `Then look again: ${besideCommand(url, directly.url)}`;
}

function nextWithoutOne({ url }: StreamRequest, directly: Directly | undefined): string {
  if (directly === undefined)
    return `Is your application running, where the proxy forwards to? This asks it without the proxy, with its HOST:PORT: ${besideCommand(url)}`;
  const { host } = directly.url;
  const next = `look again: ${besideCommand(url, directly.url)}`;
  return directly.says === 'a stream'
    ? `Your application is running: does the proxy forward to ${host}? Its log says what it does not get there. Then ${next}`
    : `Is your application running at ${host}? Start it, or give its own address, and ${next}`;
}

/** Past the proxy, too: unless it was given, only the user knows where to. */
export function besideCommand({ href, pathname, search }: URL, direct?: URL): string {
  const past = direct?.href ?? `http://HOST:PORT${pathname}${search}`;
  return `ssekit check-proxy '${maskUrl(href)}' --direct '${maskUrl(past)}'`;
}
