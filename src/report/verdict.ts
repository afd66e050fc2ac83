import type { CloseInfo, OpenInfo } from '../client/records.ts';
import { statusText } from './connection-lines.ts';
import { cutEnd } from './display-width.ts';
import { escapeInline } from './escape.ts';
import { counted, formatCount } from './quantity.ts';

/** How an attempt ended, in words. */
export interface Verdict {
  /** `good`: as wanted; `doubtful`: nothing failed, but something can't be known; `bad`: it failed. */
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
}

/** So much of a body that was no stream is shown. */
const SNIPPET_WIDTH = 200;

/** Says how an attempt ended and what can't be known, in a sentence that a bug report can quote. */
export function verdictOf(info: CloseInfo, context: VerdictContext): Verdict {
  const hint = info.error === undefined ? '' : escapeInline(info.error.hint);
  const bad = (text: string): Verdict => ({ tone: 'bad', text, hint });
  switch (info.reason) {
    case 'eof':
      return cleanEnd(info);
    case 'client':
      return ownEnd(info, context.shown, hint);
    case 'truncated':
      return bad(truncation(info));
    case 'reset':
      return bad(
        message(info, `reset ${context.open === undefined ? 'before the headers came' : when(info)}`),
      );
    case 'idle':
      return bad(`${message(info, 'no byte came in time')}, ${when(info)}`);
    case 'status':
      // A redirect that can't be followed says more than its status.
      return info.error === undefined || info.error.code === 'HTTP_STATUS'
        ? bad(withSnippet(statusWords(info, context.open), info.body))
        : bad(message(info, ''));
    case 'wrong_type':
      return bad(withSnippet(`not text/event-stream but ${typeWords(context.open)}`, info.body));
    case 'no_content':
      return {
        tone: info.events > 0 ? 'good' : 'doubtful',
        text: '204: the server wants no reconnect',
        hint,
      };
    case 'connect_error':
      return bad(message(info, 'could not connect'));
    case 'protocol':
      return bad(message(info, 'the answer was not HTTP'));
  }
}

function cleanEnd(info: CloseInfo): Verdict {
  const hint = '';
  if (info.framing === 'close') {
    const text = `ended with the connection ${when(info)}: no length or chunks, so completeness can't be proven`;
    return { tone: 'doubtful', text, hint };
  }
  return { tone: info.events === 0 ? 'bad' : 'good', text: `ended cleanly ${when(info)}`, hint };
}

function ownEnd(info: CloseInfo, shown: number, hint: string): Verdict {
  const received =
    shown === info.events ? '' : ` shown, ${formatCount(info.events)} received on this connection`;
  const events = `${counted(shown, 'event')}${received}`;
  const good = (text: string): Verdict => ({ tone: 'good', text, hint });
  switch (info.by) {
    case 'max':
      return good(`stopped after ${events} (--max-events)`);
    case 'until':
      return good(`stopped after ${events}: what --until waits for came`);
    case 'for':
      return good(`stopped after ${events}: the time of --for is over`);
    case 'max-time':
      return { tone: 'bad', text: `stopped after ${events}: the time of --max-time is over`, hint };
    case 'signal':
      return good(`interrupted after ${events}`);
    case 'pipe':
      // Whoever read our output has left: there is nobody to tell.
      return good('');
    default:
      return { tone: 'bad', text: message(info, `stopped after ${events}`), hint };
  }
}

/** Whoever saw the end knows more than its numbers tell: its words come first. */
function truncation(info: CloseInfo): string {
  const known = message(info, '');
  if (known !== '') return `${known}, ${when(info)}`;
  if (info.pendingBytes > 0) {
    return `cut inside an event ${when(info)}: ${counted(info.pendingBytes, 'byte')} ${info.pendingBytes === 1 ? 'was' : 'were'} lost`;
  }
  const how = {
    chunked: 'chunked body without its terminator',
    length: 'fewer bytes than Content-Length said',
    h2: 'HTTP/2 stream without its end',
    close: 'the connection ended early',
  }[info.framing ?? 'close'];
  return `the transfer was cut short ${when(info)} (${how})`;
}

function statusWords(info: CloseInfo, open: OpenInfo | undefined): string {
  return `HTTP ${open === undefined ? (info.status ?? 'error') : statusText(open)}`;
}

function typeWords(open: OpenInfo | undefined): string {
  const type = open?.contentType ?? '';
  return type === '' ? 'without any Content-Type' : escapeInline(type);
}

function withSnippet(words: string, body: string | undefined): string {
  const firstLine = /\S.*/.exec(body ?? '')?.[0].trimEnd() ?? '';
  return firstLine === '' ? words : `${words}: ${cutEnd(escapeInline(firstLine), SNIPPET_WIDTH)}`;
}

function when(info: CloseInfo): string {
  return info.events === 0 ? 'before any event' : `after ${counted(info.events, 'event')}`;
}

function message(info: CloseInfo, otherwise: string): string {
  return info.error === undefined || info.error.message === '' ? otherwise : escapeInline(info.error.message);
}
