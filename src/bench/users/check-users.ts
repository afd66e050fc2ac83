import { isHeaderSafe } from '../../client/headers.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import type { RequestRecipe } from '../options.ts';
import { requestTemplates } from './places.ts';
import type { Template } from './template.ts';
import type { UsersFile } from './users.ts';

/**
 * Whether each row can fill the places of a request: a value that can't be sent is told before the run, with its line.
 *
 * @throws InvalidValue for a column that isn't there, a request without places, or a value that no header can hold
 */
export function checkUsers(recipe: RequestRecipe, users: UsersFile): void {
  const { urls, headers, body, lastEventId } = requestTemplates(recipe, users.columns);
  const all = [
    ...urls,
    ...headers.map(({ value }) => value),
    lastEventId,
    ...(body === undefined ? [] : [body]),
  ];
  if (all.every(({ places }) => places.length === 0)) {
    throw new InvalidValue(
      'no URL, header or body has a place for a column: all streams would be the same',
      `Write for example {{${users.columns[0]}}} where its value belongs.`,
    );
  }
  for (const template of urls) checkAuthority(template);
  for (const { name, value } of [...headers, { name: 'Last-Event-ID', value: lastEventId }]) {
    for (const { column } of value.places) checkColumn(name, column, users);
  }
}

/** The part of a URL before its path names the server, and there is one for all streams. */
function checkAuthority({ literals, places }: Template): void {
  const before = literals[0] ?? '';
  if (places.length > 0 && !/^https?:\/\/[^/?#]+[/?#]/i.test(before)) {
    throw new InvalidValue(
      'a column may stand in the path and the query of a URL, not in its host or port',
      'Give several URLs to load several servers.',
    );
  }
}

/** @param header the one whose value the column is part of */
function checkColumn(header: string, column: number, { columns, rows, lines }: UsersFile): void {
  const wrong = rows.findIndex((row) => !isHeaderSafe(row[column] ?? ''));
  if (wrong === -1) return;
  const name = quoted(columns[column] ?? '').slice(1, -1);
  // The value itself stays out of the message: it may be a credential.
  throw new InvalidValue(
    `line ${lines[wrong]}: the value of ${name} can't stand in the header ${header}: it contains a line break or control character`,
  );
}
