import type { Writable } from 'node:stream';
import type {
  MockObserver,
  RequestInfo,
  StreamEnd,
  StreamInfo,
  StreamSummary,
  Unanswered,
} from '../mock/observer.ts';
import { maskUrl } from '../results/redaction.ts';
import { formatDuration } from './duration.ts';
import { escapeInline } from './escape.ts';
import type { Palette } from './palette.ts';
import { counted, formatBytes } from './quantity.ts';

export interface AccessLogOptions {
  palette: Palette;
  showSecrets: boolean;
  /** Wall clock. */
  now(): Date;
  /** Calls back after a time; what it returns cancels that. */
  later(ms: number, run: () => void): () => void;
}

/** More lines in a second would tell nobody anything. */
const LINES_A_SECOND = 200;

/** Bytes that wait for a terminal that doesn't scroll, or a pipe that nobody reads. */
const MOST_UNREAD = 1024 ** 2;

/** How a line shows an ending: what was asked for is green, what a client may not have wanted is not. */
const ENDS: Record<StreamEnd, { mark: string; text: string; color: 'green' | 'yellow' | 'red' | 'dim' }> = {
  eof: { mark: '✓', text: 'ended', color: 'green' },
  cut: { mark: '✗', text: 'cut short', color: 'yellow' },
  reset: { mark: '✗', text: 'reset', color: 'yellow' },
  left: { mark: '·', text: 'the client left', color: 'dim' },
  stalled: { mark: '✗', text: 'dropped: the reader takes nothing', color: 'red' },
  overrun: { mark: '✗', text: 'dropped: events left the buffer before the reader took them', color: 'red' },
  overfull: { mark: '✗', text: 'dropped: more was published than its faults let through', color: 'red' },
  expired: { mark: '✓', text: 'its token expired', color: 'green' },
  closing: { mark: '✓', text: 'ended with the server', color: 'green' },
};

/** A line for every stream that opens or ends, and for every other answer. */
export class AccessLog implements MockObserver {
  /** In each line, behind the time, where several servers write into the same log. */
  label = '';
  readonly #out: Writable;
  readonly #options: AccessLogOptions;
  #linesLeft = LINES_A_SECOND;
  #unsaid = 0;
  #cancel: (() => void) | undefined;

  constructor(out: Writable, options: AccessLogOptions) {
    this.#out = out;
    this.#options = options;
  }

  opened({ request, status, client, connection, lastEventId, streams }: StreamInfo): void {
    const { dim } = this.#options.palette;
    const details = [
      ...(status === 200 ? [] : [String(status)]),
      ...(client === request.remoteAddress ? [] : [`client ${escapeInline(client)}`]),
      `connection ${connection}`,
      ...(lastEventId === '' ? [] : [`after ${escapeInline(JSON.stringify(lastEventId))}`]),
      ...open(streams),
    ];
    this.#line(`${this.#request(request)}  ${dim(details.join(' · '))}`);
  }

  closed(requestId: number, { end, events, bytes, durationMs, streams }: StreamSummary): void {
    const { palette } = this.#options;
    const { mark, text, color } = ENDS[end];
    const details = [
      ...(events === undefined ? [] : [counted(events, 'event')]),
      formatBytes(bytes),
      formatDuration(durationMs),
      ...open(streams),
    ];
    const id = `#${requestId}`.padEnd(5);
    this.#line(`${id} ${palette[color](`${mark} ${text}`)}  ${palette.dim(details.join(' · '))}`);
  }

  answered(request: RequestInfo, status: number, bytes: number): void {
    const { red, green, yellow } = this.#options.palette;
    const paint = status >= 500 ? red : status >= 400 ? yellow : green;
    this.#line(`${this.#request(request)}  ${paint(String(status))} ${formatBytes(bytes)}`);
  }

  unanswered(request: RequestInfo, why: Unanswered): void {
    const { dim, yellow } = this.#options.palette;
    const text =
      why === 'left' ? dim('the client left before the answer') : yellow(`no answer: ${ENDS[why].text}`);
    this.#line(`${this.#request(request)}  ${text}`);
  }

  warned(message: string): void {
    this.#line(`${this.#options.palette.yellow('!')} ${escapeInline(message)}`);
  }

  /** Says what is yet unsaid, and has no timer any more. */
  close(): void {
    this.#cancel?.();
    this.#nextSecond();
  }

  #request({ id, method, target, httpVersion }: RequestInfo): string {
    const { bold } = this.#options.palette;
    const shown = this.#options.showSecrets ? target : maskUrl(target);
    const version = httpVersion === '1.1' ? '' : ` HTTP/${httpVersion}`;
    return `${`#${id}`.padEnd(5)} ${bold(method)} ${escapeInline(shown)}${version}`;
  }

  #line(text: string): void {
    if (this.#linesLeft === 0 || this.#out.writableLength > MOST_UNREAD) {
      this.#unsaid += 1;
      return;
    }
    this.#linesLeft -= 1;
    this.#cancel ??= this.#options.later(1_000, () => this.#nextSecond());
    this.#write(text);
  }

  #nextSecond(): void {
    this.#cancel = undefined;
    this.#linesLeft = LINES_A_SECOND;
    if (this.#unsaid > 0)
      this.#write(this.#options.palette.dim(`… and ${counted(this.#unsaid, 'more line')} in that second`));
    this.#unsaid = 0;
  }

  #write(text: string): void {
    const time = this.#options.now().toTimeString().slice(0, 8);
    const stamp = this.label === '' ? time : `${time} ${this.label}`;
    this.#out.write(`${this.#options.palette.dim(stamp)} ${text}\n`);
  }
}

function open(streams: number): string[] {
  return streams > 1 ? [`${streams} open`] : [];
}
