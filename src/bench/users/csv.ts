import { InvalidValue } from '../../notation/invalid-value.ts';

/** A row of a CSV file. */
export interface CsvRow {
  /** Where it begins, from 1: a quoted field may hold line breaks. */
  line: number;
  fields: string[];
}

const PLAIN = /[^",\r\n]*/y;
const LINE_END = /\r?\n/y;
const LINE_BREAKS = /\n/g;

/**
 * The rows of a CSV file as RFC 4180 has it: fields between commas, in double quotes where they hold a comma, a quote
 * (written twice) or a line break. Lines end with CRLF or LF; empty ones are passed over. What the RFC leaves open is
 * refused rather than guessed: a value that is misread becomes a load on the wrong user.
 *
 * @throws InvalidValue naming the line, never its content: such files hold credentials
 */
export function* csvRows(text: string): Generator<CsvRow> {
  const reader = new CsvReader(text);
  for (let row = reader.row(); row !== undefined; row = reader.row()) yield row;
}

class CsvReader {
  readonly #text: string;
  #at: number;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith('\ufeff') ? 1 : 0;
  }

  row(): CsvRow | undefined {
    while (this.#lineEnd());
    if (this.#atEnd) return undefined;
    const line = this.#line;
    const fields = [this.#field()];
    while (this.#text[this.#at] === ',') {
      this.#at += 1;
      fields.push(this.#field());
    }
    if (!this.#atEnd && !this.#lineEnd()) throw this.#unexpected();
    return { line, fields };
  }

  get #atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #field(): string {
    if (this.#text[this.#at] !== '"') return this.#take(PLAIN) ?? '';
    const end = this.#closingQuote();
    const field = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    this.#line += field.match(LINE_BREAKS)?.length ?? 0;
    return field.replaceAll('""', '"');
  }

  /** Of the field that begins here: searched for, as an expression over a long field would exhaust the stack. */
  #closingQuote(): number {
    let at = this.#text.indexOf('"', this.#at + 1);
    while (at !== -1 && this.#text[at + 1] === '"') at = this.#text.indexOf('"', at + 2);
    if (at !== -1) return at;
    throw wrong(this.#line, 'a field in quotes has no end', 'A quote inside is written twice: "".');
  }

  #lineEnd(): boolean {
    if (this.#take(LINE_END) === undefined) return false;
    this.#line += 1;
    return true;
  }

  #unexpected(): InvalidValue {
    if (this.#text[this.#at] === '\r') {
      return wrong(this.#line, 'a carriage return stands without a line feed', 'Lines end with LF or CRLF.');
    }
    return wrong(
      this.#line,
      'a quote stands beside other text',
      'A field with a quote in it stands in quotes as a whole, and the quote is written twice: "a ""b""".',
    );
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

function wrong(line: number, message: string, hint: string): InvalidValue {
  return new InvalidValue(`line ${line}: ${message}`, hint);
}
