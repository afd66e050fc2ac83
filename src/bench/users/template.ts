import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import { nearestName } from '../../notation/nearest-name.ts';

/** How a value is written where its place stands. */
export type Encoding =
  /** As it is. */
  | 'plain'
  /** Percent-encoded: it is one part of a path, or one value of a query or a form. */
  | 'percent'
  /** Inside a string of JSON. */
  | 'json';

/** Text with places for the columns of a row. */
export interface Template {
  /** What stands before, between and behind the places: one more than there are places. */
  literals: readonly string[];
  places: readonly { column: number; encoding: Encoding }[];
}

const PLACE = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** Whether the text has a place for a column. */
export function hasPlaces(text: string): boolean {
  return text.search(PLACE) !== -1;
}

/**
 * Takes a text apart at its places, which are written `{{column}}`.
 *
 * @param encodingBehind what a place needs that stands behind this text
 * @throws InvalidValue for a column that isn't there
 */
export function parseTemplate(
  text: string,
  columns: readonly string[],
  encodingBehind: (before: string) => Encoding,
): Template {
  const literals: string[] = [];
  const places: Template['places'][number][] = [];
  let from = 0;
  for (const { 0: whole, 1: name = '', index } of text.matchAll(PLACE)) {
    places.push({ column: columnNamed(name, columns), encoding: encodingBehind(text.slice(0, index)) });
    literals.push(text.slice(from, index));
    from = index + whole.length;
  }
  literals.push(text.slice(from));
  return { literals, places };
}

/** The text for one row. */
export function fill({ literals, places }: Template, row: readonly string[]): string {
  let text = literals[0] ?? '';
  for (const [index, { column, encoding }] of places.entries()) {
    text += encoded(row[column] ?? '', encoding) + (literals[index + 1] ?? '');
  }
  return text;
}

function columnNamed(name: string, columns: readonly string[]): number {
  const column = columns.indexOf(name);
  if (column !== -1) return column;
  const near = nearestName(name, columns);
  throw new InvalidValue(
    `{{${name}}}: the users have no such column`,
    near === undefined
      ? `There ${columns.length === 1 ? 'is' : 'are'}: ${listed(columns)}.`
      : `Did you mean {{${near}}}?`,
  );
}

/** Most columns that a message names. */
const MOST_NAMED = 12;

function listed(columns: readonly string[]): string {
  const named = columns.slice(0, MOST_NAMED).map((each) => quoted(each).slice(1, -1));
  const more = columns.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

function encoded(value: string, encoding: Encoding): string {
  switch (encoding) {
    case 'plain':
      return value;
    case 'percent':
      return encodeURIComponent(value);
    case 'json':
      return JSON.stringify(value).slice(1, -1);
  }
}
