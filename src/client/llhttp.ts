import wasm from 'undici/lib/llhttp/llhttp-wasm.js';

/** Tells the parser to go on, that no body follows, or to stop; any other number is an error. */
export const GO_ON = 0;
export const NO_BODY = 1;
export const STOP = 21;

/** What the parser of one answer reports, in order, while it is given bytes. Offsets are those of these bytes. */
export interface LlhttpListener {
  onStatusText(start: number, end: number): number;
  onHeaderName(start: number, end: number): number;
  onHeaderValue(start: number, end: number): number;
  onHeadersComplete(status: number, isUpgrade: boolean): number;
  onBody(start: number, end: number): number;
  onMessageComplete(): number;
}

interface Exports {
  memory: { readonly buffer: ArrayBuffer };
  malloc(sizeBytes: number): number;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_reset(parser: number): void;
  llhttp_execute(parser: number, bytes: number, length: number): number;
  llhttp_get_http_major(parser: number): number;
  llhttp_get_http_minor(parser: number): number;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
  llhttp_errno_name(code: number): number;
}

const RESPONSE = 2;
/** Bytes are handed to the parser through a place in its memory of this size: that of a read. */
const WINDOW_BYTES = 64 * 1024;

/** llhttp with its memory, in which the parsers of all connections live. */
class Llhttp {
  readonly #exports: Exports;
  readonly #windowAt: number;
  #window: Uint8Array;
  /** Whom the parser that is running reports to. */
  #listener: LlhttpListener | undefined;
  /** What is added to an address in the window to make it an offset in the bytes at hand. */
  #shift = 0;

  constructor() {
    this.#exports = this.#instantiate();
    this.#windowAt = this.#exports.malloc(WINDOW_BYTES);
    this.#window = this.#view();
  }

  /** A parser for one answer; to be given back by `free`. */
  create(): number {
    return this.#exports.llhttp_alloc(RESPONSE);
  }

  free(parser: number): void {
    this.#exports.llhttp_free(parser);
  }

  /** Runs a parser over bytes, not within a report of another; returns 0 or why it stopped. */
  execute(parser: number, bytes: Uint8Array, listener: LlhttpListener): number {
    this.#listener = listener;
    try {
      let code = GO_ON;
      for (let from = 0; from < bytes.length && code === GO_ON; from += WINDOW_BYTES) {
        const part = bytes.length <= WINDOW_BYTES ? bytes : bytes.subarray(from, from + WINDOW_BYTES);
        // Memory that has grown is another buffer.
        if (this.#window.length === 0) this.#window = this.#view();
        this.#window.set(part);
        this.#shift = from - this.#windowAt;
        code = this.#exports.llhttp_execute(parser, this.#windowAt, part.length);
      }
      return code;
    } finally {
      this.#listener = undefined;
    }
  }

  /** Makes a parser that was stopped as good as new; returns the offset of the byte that it stopped before. */
  restart(parser: number): number {
    const at = this.#exports.llhttp_get_error_pos(parser) + this.#shift;
    this.#exports.llhttp_reset(parser);
    return at;
  }

  isHttp10(parser: number): boolean {
    const { llhttp_get_http_major: major, llhttp_get_http_minor: minor } = this.#exports;
    return major(parser) === 1 && minor(parser) === 0;
  }

  /** What the parser says of the error that it stopped with. */
  reason(parser: number): string {
    return this.#text(this.#exports.llhttp_get_error_reason(parser));
  }

  /** The stable name of an error: `HPE_INVALID_CONSTANT`. */
  errorName(code: number): string {
    return this.#text(this.#exports.llhttp_errno_name(code));
  }

  #view(): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, this.#windowAt, WINDOW_BYTES);
  }

  #text(at: number): string {
    if (at === 0) return '';
    const memory = Buffer.from(this.#exports.memory.buffer);
    return memory.toString('latin1', at, memory.indexOf(0, at));
  }

  #instantiate(): Exports {
    const told = (tell: (listener: LlhttpListener, start: number, end: number) => number) => {
      return (_parser: number, at: number, length: number): number => {
        if (this.#listener === undefined) return STOP;
        const start = at + this.#shift;
        return tell(this.#listener, start, start + length);
      };
    };
    const env = {
      wasm_on_message_begin: () => GO_ON,
      wasm_on_url: () => GO_ON,
      wasm_on_status: told((listener, start, end) => listener.onStatusText(start, end)),
      wasm_on_header_field: told((listener, start, end) => listener.onHeaderName(start, end)),
      wasm_on_header_value: told((listener, start, end) => listener.onHeaderValue(start, end)),
      wasm_on_headers_complete: (_parser: number, status: number, upgrade: number) =>
        this.#listener?.onHeadersComplete(status, upgrade === 1) ?? STOP,
      wasm_on_body: told((listener, start, end) => listener.onBody(start, end)),
      wasm_on_message_complete: () => this.#listener?.onMessageComplete() ?? STOP,
    };
    return new WebAssembly.Instance(new WebAssembly.Module(wasm), { env }).exports as Exports;
  }
}

let llhttp: Llhttp | undefined;

/** Made when the first answer is awaited: it takes 2 ms. */
export function theLlhttp(): Llhttp {
  llhttp ??= new Llhttp();
  return llhttp;
}
