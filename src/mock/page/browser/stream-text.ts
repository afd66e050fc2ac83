const BYTE_ORDER_MARK = '\ufeff';

/**
 * Bytes of a stream → its text: UTF-8, without the one byte order mark that may open it (HTML standard, section 9.2.6).
 * Left to itself, a decoder takes away a second one too, in some engines.
 */
export class StreamText {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #begun = false;

  decode(piece: Uint8Array): string {
    const text = this.#decoder.decode(piece, { stream: true });
    if (this.#begun || text === '') return text;
    this.#begun = true;
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  }
}
