import { isUtf8 } from 'node:buffer';
import { headerValue } from '../../client/headers.ts';
import type { RequestRecipe } from '../options.ts';
import { type Encoding, parseTemplate, type Template } from './template.ts';

/** Where a request has places for columns. What has none is left out: it is the same for every stream. */
export interface RequestTemplates {
  urls: readonly Template[];
  headers: readonly { name: string; value: Template }[];
  body: Template | undefined;
  lastEventId: Template;
}

/**
 * The templates of a request.
 *
 * @throws InvalidValue for a column that isn't there
 */
export function requestTemplates(recipe: RequestRecipe, columns: readonly string[]): RequestTemplates {
  const plain = (text: string) => parseTemplate(text, columns, () => 'plain');
  const text = bodyText(recipe);
  return {
    urls: recipe.urls.map((url) => parseTemplate(withPlaces(url), columns, () => 'percent')),
    headers: recipe.headers.map(([name, value]) => ({ name, value: plain(value) })),
    body: text === undefined ? undefined : parseTemplate(text, columns, bodyEncoding(recipe, text)),
    lastEventId: plain(recipe.lastEventId),
  };
}

/** A body in which there may be places: bytes that are no text have none. */
export function bodyText({ body }: RequestRecipe): string | undefined {
  return body !== undefined && isUtf8(body) ? Buffer.from(body).toString('utf8') : undefined;
}

/** The braces of places, which a URL that was parsed holds in percent-encoding. */
const ENCODED_PLACE = /(?:\{|%7B){2}(?<name>[^{}?#/&=]+?)(?:\}|%7D){2}/gi;

/** A URL with its places as they were written. */
export function withPlaces(href: string): string {
  return href.replace(ENCODED_PLACE, (whole, name: string) => {
    try {
      return `{{${decodeURIComponent(name)}}}`;
    } catch {
      // Not percent-encoding, so no place of ours.
      return whole;
    }
  });
}

/** In JSON a value is escaped where it stands in a string, in a form it is percent-encoded, elsewhere it is as it is. */
function bodyEncoding({ headers }: RequestRecipe, text: string): (before: string) => Encoding {
  const type = headerValue(headers, 'content-type') ?? '';
  if (/json/i.test(type) || /^\s*[[{]/.test(text))
    return (before) => (endsInString(before) ? 'json' : 'plain');
  if (/x-www-form-urlencoded/i.test(type)) return () => 'percent';
  return () => 'plain';
}

/** Whether the beginning of a JSON text ends inside of a string. */
function endsInString(before: string): boolean {
  const quotes = before.replace(/\\./gs, '').match(/"/g);
  return (quotes?.length ?? 0) % 2 === 1;
}
