import type { FaultId } from '../faults/fault.ts';
import type { Expected, Sign } from './cause-kind.ts';

/** Where a figure of the probes is called by name: causes say what they look like through these. */

/** Most bursts have this size. */
export function burstsOf(bytes: number, times: number): Sign {
  return { figure: 'modalBurstBytes', is: bytes, times };
}

/** Events come in batches this far apart; a timer of another length is another's. */
export function batchesEvery(ms: Expected, times: number): Sign {
  return { figure: 'batchEveryMs', is: ms, times, otherwise: 0.02 };
}

/** Nothing is held for longer: a timer that is longer is another's. */
export function timerUnder(ms: number): Sign {
  return { probe: 'timing', figure: 'lagP95Ms', is: { to: ms }, times: 1, otherwise: 0.02 };
}

/** That probe found nothing. */
export function passed(probe: string, times: number): Sign {
  return { passed: probe, times, anybodys: true };
}

/** The head came so many milliseconds late. */
export function headLate(is: Expected, times: number, otherwise = 1): Sign {
  return { probe: 'headers-first', figure: 'headLateMs', is, times, otherwise };
}

/** The whole answer came with its length: somebody had it in hand. */
export function lengthGiven(times: number): Sign {
  return { figure: 'framing', is: 'length', times, anybodys: true };
}

/** In place of an answer that the origin had begun, the proxy answers with this status. */
export function givenUpWith(status: number, times: number, otherwise = 1): Sign {
  return { probe: 'timing', figure: 'givenUpWith', is: status, times, otherwise };
}

/** `X-Accel-Buffering: no` makes the events run. */
export function xabCures(times: number, otherwise = 1): Sign {
  return { probe: 'xab', figure: 'xabCures', is: true, times, otherwise };
}

/** `X-Accel-Buffering: no` lets go of a head that was held; where nobody has tried that, of the events. */
export function xabFreesHead(times: number, otherwise = 1): Sign {
  return { figure: ['xabCuresHead', 'xabCures'], is: true, times, otherwise };
}

/** … the head, where that was held. */
export function xabCuresHead(times: number, otherwise = 1): Sign {
  return { figure: 'xabCuresHead', is: true, times, otherwise };
}

/** `X-Accel-Buffering` did not come through. */
export function xabRemoved(times: number, otherwise = 1): Sign {
  return { probe: 'xab', figure: 'xabRemoved', is: true, times, otherwise };
}

/**
 * A reset of the origin, which was asked in HTTP/1.1, looks like the end of a stream behind an nginx: who asks in HTTP/1.0 is
 * that one, and another, who keeps `X-Accel-Buffering` from it, stands behind.
 */
export function anotherBehind(times: number): Sign {
  const framing = { probe: 'truncation', figure: 'framing', is: 'chunked' };
  return { ...masks('http1Reset', times), given: [framing, originHttp('1.1', 1), xabRemoved(1)] };
}

/** `Cache-Control: no-transform` makes compressed events run. */
export function noTransformCures(times: number, otherwise = 1): Sign {
  return { probe: 'encoding', figure: 'noTransformCures', is: true, times, otherwise, anybodys: true };
}

/** What the origin said of caches came as something else. */
export function cacheControlChanged(times: number, otherwise = 1): Sign {
  return {
    probe: 'response-headers',
    figure: 'cacheControlChanged',
    is: true,
    times,
    otherwise,
    anybodys: true,
  };
}

/** What the head of an answer lets others do with a stream, as it was looked at alone: nothing else was found, where it does not. */
export function headAllows(what: 'caches' | 'compression', times: number, otherwise = 1): Sign {
  return { probe: 'response-headers', figure: 'allows', is: what, times, otherwise, anybodys: true };
}

/** Compressed events, 100 ms apart, come with the next one or a few later, and don't wait until there are many. */
export function compressedSoon(times: number, otherwise = 1): Sign {
  return { probe: 'encoding', figure: 'gzip2048LagMs', is: { to: 400 }, times, otherwise };
}

/** What asked for no compression ran, and what asked for it was held. */
export function onlyWhenCompressed(times: number, otherwise = 1): Sign {
  return { figure: 'stallsOnlyWhenCompressed', is: true, times, otherwise, anybodys: true };
}

/**
 * Silence is cut after so many seconds, give or take what a clock and a network add; that is what the product comes with.
 *
 * @param otherwise how likely somebody has set it to something else
 */
export function silenceCutAfter(seconds: number, times: number, otherwise = 0.3): Sign {
  const is = { from: seconds * 1000 - 1500, to: seconds * 1000 + 2500 };
  return { probe: 'idle', figure: ['idleLimitMs', 'headlessLimitMs'], is, times, otherwise };
}

/** … after so many seconds as one or the other account of the product has it. */
export function silenceCutBetween(seconds: number, most: number, times: number): Sign {
  const is = { from: seconds * 1000 - 1500, to: most * 1000 + 2500 };
  return { probe: 'idle', figure: ['idleLimitMs', 'headlessLimitMs'], is, times, otherwise: 0.3 };
}

/** A stream is cut at such an age, in seconds. */
export function cutAtAge(seconds: number, times: number): Sign {
  const is = { from: seconds * 1000 - 1500, to: seconds * 1000 + 3500 };
  return { figure: ['lifetimeLimitMs', 'withHeartbeatsLimitMs', 'commonAge'], is, times, otherwise: 0.2 };
}

/** Streams that began apart were cut at one moment: something was loaded anew, or ended. */
export function cutTogether(times: number): Sign {
  return { probe: 'lifetime', figure: 'cutTogether', is: true, times, anybodys: true };
}

/** What the proxy answers when the origin's head doesn't come. */
export function statusForNoHead(status: number | readonly number[], times: number): Sign {
  const anybodys = [status].flat().every((each) => FOR_NO_HEAD.has(each));
  const seen = { probe: 'idle', figure: NO_HEAD, is: status, times, otherwise: 0.2 };
  return anybodys ? { ...seen, anybodys } : seen;
}

/** The proxy ends the connection where the origin's head doesn't come, and answers nothing. */
export function noAnswerForNoHead(times: number, otherwise = 1): Sign {
  return { probe: 'idle', figure: NO_HEAD, is: ['eof', 'protocol', 'reset', 'truncated'], times, otherwise };
}

/** What the client saw where the origin's head didn't come: an answer, or how the connection ended. */
const NO_HEAD = ['headlessStatus', 'headlessSeenAs'];
/** A gateway that waits in vain is to answer so (RFC 9110 §15.6.3). */
const FOR_NO_HEAD: ReadonlySet<number> = new Set([502, 503, 504]);

/** An answer that was broken off looked whole: in which of the probe's cases. */
export function masks(what: 'http1Fin' | 'http1Reset' | 'http2Fin', times: number, otherwise = 1): Sign {
  return { probe: 'truncation', figure: 'masked', is: what, times, otherwise };
}

/** An answer that the origin broke off ends in order, behind something that the proxy wrote into it. */
export function appends(times: number, otherwise = 1): Sign {
  return { probe: 'truncation', figure: 'appendedBytes', is: { from: 1 }, times, otherwise };
}

/** An answer that the origin broke off ends in order, behind a text of this length. */
export function appended(text: string, times: number, otherwise = 1): Sign {
  return { probe: 'truncation', figure: 'appendedBytes', is: text.length, times, otherwise };
}

/** Where the origin sends 103 Early Hints, the client is answered with this status. */
export function answersHintsWith(status: number, times: number, otherwise = 1): Sign {
  return { probe: '1xx', figure: 'answer', is: status, times, otherwise };
}

/** What said nothing of caches and had no cookie was given to several clients. */
export function sharesUnmarked(times: number, otherwise = 1): Sign {
  return {
    probe: 'share',
    figure: 'copied',
    is: 'no Cache-Control, no cookie',
    times,
    otherwise,
    anybodys: true,
  };
}

/** So many streams ran, and no more. */
export function plateauAt(streams: number, times: number): Sign {
  return { figure: 'plateau', is: streams, times };
}

/** So many streams ran at most, on connections of their own. */
export function plateauUpTo(streams: number, times: number, otherwise = 1): Sign {
  return { probe: 'capacity', figure: 'plateau', is: { to: streams }, times, otherwise };
}

/** What became of most streams beyond the limit: `waits`, `status 503`, `protocol` (closed without an answer), … */
export function beyondLimit(fate: Expected, times: number, otherwise = 1): Sign {
  return { probe: 'capacity', figure: 'othersFate', is: fate, times, otherwise, anybodys: true };
}

/** No header was lost but those with an underscore in their names. */
export function onlyUnderscoresLost(times: number, otherwise = 1): Sign {
  return { probe: 'request', figure: 'onlyUnderscoresLost', is: true, times, otherwise };
}

/** What became of most requests that the origin was not asked for: `status 503`, `protocol` (closed without an answer), … */
export function notAskedBy(fate: Expected, times: number, otherwise = 1): Sign {
  return { probe: 'reach', figure: 'notAskedFate', is: fate, times, otherwise, anybodys: true };
}

/** Which answers were held where others ran: `usual`, `charset`, `post`, `textPlain`. */
export function heldVariant(is: Expected, times: number, otherwise = 1): Sign {
  return { probe: 'type-method', figure: 'heldVariant', is, times, otherwise };
}

/** What a POST was answered whose body came in chunks. */
export function chunkedPostAnswered(is: Expected, times: number, otherwise = 1): Sign {
  return { probe: 'post', figure: 'status', is, times, otherwise };
}

/** It asked the origin itself for where a redirect leads. */
export function followsRedirects(times: number, otherwise = 1): Sign {
  return { probe: 'status', figure: 'followsRedirects', is: true, times, otherwise };
}

/** The version of HTTP that the origin was spoken to in. */
export function originHttp(version: '1.0' | '1.1' | '2', times: number, otherwise = 1): Sign {
  return { probe: 'path', figure: 'originHttp', is: version, times, otherwise };
}

/** The version of HTTP that the client was spoken to in. */
export function clientHttp(version: '1.0' | '1.1' | '2', times: number, otherwise = 1): Sign {
  return { probe: 'path', figure: 'clientHttp', is: version, times, otherwise, anybodys: true };
}

/** Another fault was found in the same run. */
export function besides(fault: FaultId, times: number, otherwise = 1): Sign {
  return { fault, times, otherwise, anybodys: true };
}
