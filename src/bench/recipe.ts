import type { HeaderPair } from '../client/records.ts';
import type { ConnectionOptions, StreamRequest } from '../client/request.ts';
import type { RequestRecipe, Users } from './options.ts';
import { type RequestTemplates, requestTemplates } from './users/places.ts';
import { fill } from './users/template.ts';

/** Makes the requests of streams. URLs are taken in turn, and so are the rows of users. */
export class StreamRequests {
  readonly #recipe: RequestRecipe;
  /** One for each URL; streams without users share them. */
  readonly #shared: readonly StreamRequest[];
  readonly #rows: Users['rows'];
  readonly #templates: RequestTemplates | undefined;

  /** @throws InvalidValue for a column that the users don't have */
  constructor(recipe: RequestRecipe, users?: Users) {
    this.#recipe = recipe;
    const connection = connectionOf(recipe);
    this.#shared = recipe.urls.map((url) => requestTo(new URL(url), recipe, connection));
    this.#rows = users?.rows ?? [];
    this.#templates = users === undefined ? undefined : requestTemplates(recipe, users.columns);
  }

  /** @param stream its number, from 0 */
  requestFor(stream: number): StreamRequest {
    const shared = inTurn(this.#shared, stream);
    const templates = this.#templates;
    if (templates === undefined) return shared;
    const row = inTurn(this.#rows, stream);
    const url = inTurn(templates.urls, stream);
    const { body } = templates;
    return {
      ...shared,
      url: url.places.length === 0 ? shared.url : new URL(fill(url, row)),
      headers: headersFor(templates, row, shared.headers),
      ...(body === undefined || body.places.length === 0 ? {} : { body: Buffer.from(fill(body, row)) }),
    };
  }

  lastEventIdFor(stream: number): string {
    const templates = this.#templates;
    return templates === undefined
      ? this.#recipe.lastEventId
      : fill(templates.lastEventId, inTurn(this.#rows, stream));
  }
}

function requestTo(url: URL, recipe: RequestRecipe, connection: ConnectionOptions): StreamRequest {
  const { method, headers, body, maxRedirects, idleTimeoutMs, maxEventSizeBytes } = recipe;
  return {
    url,
    method,
    headers,
    connection,
    maxRedirects,
    idleTimeoutMs,
    maxEventSizeBytes,
    ...(body === undefined ? {} : { body }),
  };
}

/** How connections are made, with proxies as URLs again. */
export function connectionOf({ connection }: RequestRecipe): ConnectionOptions {
  const { http, https, noProxy } = connection.proxy;
  return {
    ...connection,
    proxy: {
      noProxy,
      ...(http === undefined ? {} : { http: new URL(http) }),
      ...(https === undefined ? {} : { https: new URL(https) }),
    },
  };
}

/** The very list where no header has a place: streams share it then. */
function headersFor(
  { headers }: RequestTemplates,
  row: readonly string[],
  shared: readonly HeaderPair[],
): readonly HeaderPair[] {
  if (headers.every(({ value }) => value.places.length === 0)) return shared;
  return headers.map(({ name, value }) => [name, fill(value, row)] as const);
}

function inTurn<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length];
  if (item === undefined) throw new RangeError('there is nothing to take in turn');
  return item;
}
