import type { SseKitError } from '../client/errors.ts';
import type { ClientReason, CloseInfo, OpenInfo } from '../client/records.ts';
import { statusText } from './connection-lines.ts';
import { cutEnd } from './display-width.ts';
import { escapeInline } from './escape.ts';
import { counted, formatCount } from './quantity.ts';

/** How an attempt ended, in words. */
export interface Verdict {
  /** `good`: as wanted; `doubtful`: nothing failed, but the end proves little; `bad`: it failed. */
  tone: 'good' | 'doubtful' | 'bad';
  text: string;
  /** What to do about it; empty where nothing is known. */
  hint: string;
}

/** What the words need beside the ending itself. */
export interface VerdictContext {
  /** The attempt's answer, where there was one. */
  open: OpenInfo | undefined;
  /** Events shown in the whole run. */
  shown: number;
  /** What failed with it; the mark and the hint are its. */
  failure: SseKitError | undefined;
}

/** So much of a body that was no stream is shown. */
const SNIPPET_WIDTH = 200;

/** Says how an attempt ended and what can't be known, in a sentence that a bug report can quote. */
export function verdictOf(info: CloseInfo, context: VerdictContext): Verdict {
  const { failure } = context;
  const hint = failure === undefined ? '' : escapeInline(failure.hint);
  return { tone: toneOf(info, failure), text: wordsOf(info, context), hint };
}

function toneOf(info: CloseInfo, failure: SseKitError | undefined): Verdict['tone'] {
  if (failure !== undefined) return 'bad';
  const provesLittle = info.reason === 'eof' && (info.framing === 'close' || info.events === 0);
  return provesLittle ? 'doubtful' : 'good';
}

function wordsOf(info: CloseInfo, { open, shown, failure }: VerdictContext): string {
  const judged = judgedWords(failure);
  switch (info.reason) {
    case 'eof':
      if (info.framing !== 'close') return `${cleanEnd(info)}${judged}`;
      return `${cleanEnd(info)}${judged}${judged === '' ? ': ' : '; '}${UNPROVEN}`;
    case 'no_content':
      return `204: the server wants no reconnect${judged}`;
    case 'client':
      return ownEnd(info, shown, failure);
    default:
      // The rule decides the exit code.
      return `${failedEnd(info, open)}${failure?.code === RULE_FAILED ? `, and ${RULE_FAILED_WORDS}` : ''}`;
  }
}

const RULE_FAILED = 'EXPECTATION_FAILED';
const RULE_FAILED_WORDS = 'an expectation failed';

/** The attempt failed by itself. */
function failedEnd(info: CloseInfo, open: OpenInfo | undefined): string {
  switch (info.reason) {
    case 'status':
      // A redirect that can't be followed says more than its status.
      return info.error?.code === 'HTTP_STATUS'
        ? withSnippet(statusWords(info, open), info.body)
        : message(info.error);
    case 'wrong_type':
      return withSnippet(`not text/event-stream but ${typeWords(open)}`, info.body);
    case 'truncated':
    case 'idle':
      return `${message(info.error)}, ${when(info)}`;
    default:
      return message(info.error);
  }
}

/** What the run failed with although the connection ended in order. */
function judgedWords(failure: SseKitError | undefined): string {
  switch (failure?.code) {
    case 'UNTIL_UNMATCHED':
      return ', before --until matched';
    case RULE_FAILED:
      return `, but ${RULE_FAILED_WORDS}`;
    case 'EXPECTATION_UNDECIDED':
      return ', before an expectation was decided';
    case 'ANSWER_ERROR':
    case 'ANSWER_UNFINISHED':
    case 'ANSWER_MISSING':
      return `, but ${message(failure)}`;
    default:
      return '';
  }
}

const UNPROVEN = "no length or chunks, so completeness can't be proven";

function cleanEnd(info: CloseInfo): string {
  return `ended ${info.framing === 'close' ? 'with the connection' : 'cleanly'} ${when(info)}`;
}

function ownEnd(info: CloseInfo, shown: number, failure: SseKitError | undefined): string {
  const received =
    shown === info.events ? '' : ` shown, ${formatCount(info.events)} received on this connection`;
  const events = `${counted(shown, 'event')}${received}`;
  if (info.recorded === true)
    return `the recording ends after ${events}${recordedEnd(info.by)}${judgedWords(failure)}`;
  switch (info.by) {
    case 'max':
      return `stopped after ${events} (--max-events)${judgedWords(failure)}`;
    case 'until':
      return `stopped after ${events}: what --until waits for came${judgedWords(failure)}`;
    case 'expect':
      return `stopped after ${events}: ${failure === undefined ? 'every expectation is met' : RULE_FAILED_WORDS}`;
    case 'for':
      return failure === undefined ? `stopped after ${events}: the time of --for is over` : message(failure);
    case 'max-time':
      return `stopped after ${events}: the time of --max-time is over${judgedWords(failure)}`;
    case 'signal':
      return `interrupted after ${events}`;
    case 'pipe':
      // Whoever read our output has left: there is nobody to tell.
      return '';
    default:
      return message(failure);
  }
}

/** Why the run that was recorded was left. */
function recordedEnd(by: ClientReason | undefined): string {
  switch (by) {
    case 'max':
    case 'for':
    case 'max-time':
    case 'expect':
      return `: it was made with --${by === 'max' ? 'max-events' : by}`;
    case 'until':
      return ': what its --until waits for came';
    case 'signal':
      return ': it was interrupted';
    case 'pipe':
      return ': the reader of its output had left';
    default:
      return '';
  }
}

function statusWords(info: CloseInfo, open: OpenInfo | undefined): string {
  return `HTTP ${open === undefined ? (info.status ?? 'error') : statusText(open)}`;
}

function typeWords(open: OpenInfo | undefined): string {
  const type = open?.contentType ?? '';
  return type === '' ? 'without any Content-Type' : escapeInline(type);
}

/** With what the answer says of itself: the title of a page, else the first line of its body. */
function withSnippet(words: string, body = ''): string {
  const title = /<title[^>]*>\s*([^<]*\S)\s*<\/title>/i.exec(body)?.[1];
  const text = title ?? /\S.*/.exec(body)?.[0].trimEnd() ?? '';
  return text === '' ? words : `${words}: ${cutEnd(escapeInline(text), SNIPPET_WIDTH)}`;
}

function when(info: CloseInfo): string {
  return info.events === 0 ? 'before any event' : `after ${counted(info.events, 'event')}`;
}

function message(error: SseKitError | undefined): string {
  return error === undefined ? 'it ended without a reason' : escapeInline(error.message);
}
