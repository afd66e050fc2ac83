import type { RequestRecipe, Users } from '../../bench/options.ts';
import { checkUsers } from '../../bench/users/check-users.ts';
import { bodyText, withPlaces } from '../../bench/users/places.ts';
import { hasPlaces } from '../../bench/users/template.ts';
import { parseUsers } from '../../bench/users/users.ts';
import { usageError } from '../../client/errors.ts';
import type { StreamRequest } from '../../client/request.ts';
import { InvalidValue } from '../../notation/invalid-value.ts';
import type { BenchFlags } from '../flags/bench/bench-flags.ts';
import type { FileReader } from '../flags/files.ts';
import { buildRequest, type RequestTarget, type Surroundings } from '../flags/request.ts';

/** curl waits for five minutes, which in a load test would hide that nothing connects. */
export const CONNECT_TIMEOUT = { ms: 10_000, text: '10s' };

/** What streams ask for. */
export interface BuiltRecipe {
  /** To the first URL. */
  request: StreamRequest;
  recipe: RequestRecipe;
  users: Users | undefined;
  notes: string[];
}

/**
 * Turns URLs and flags into what streams ask for.
 *
 * @throws SseKitError exit 2
 */
export async function buildRecipe(
  targets: readonly RequestTarget[],
  flags: BenchFlags,
  surroundings: Surroundings,
): Promise<BuiltRecipe> {
  const first = commonTarget(targets, flags);
  const bounded = { ...flags, connectTimeout: flags.connectTimeout ?? CONNECT_TIMEOUT.ms };
  const { request, lastEventId, notes } = await buildRequest(first, bounded, surroundings);
  const recipe = recipeOf(targets, request, lastEventId);
  const users = await usersOf(flags, recipe, surroundings.files);
  if (users === undefined && placesIn(recipe)) {
    notes.push('{{…}} in the request is sent as it is: --users gives it values');
  }
  return { request, recipe, users, notes };
}

/** One request serves all URLs, but for its URL. */
function commonTarget(targets: readonly RequestTarget[], { http }: BenchFlags): RequestTarget {
  const [first, ...others] = targets;
  if (first === undefined) throw new RangeError('a run has at least one URL');
  if (others.some(({ authorization }) => authorization !== first.authorization)) {
    throw usageError(
      'the URLs have different users and passwords: a run has one Authorization',
      "Give it with -u or -H; with --users it may differ: -H 'Authorization: Bearer {{token}}'",
    );
  }
  if (others.some(({ url }) => url.protocol !== first.url.protocol) && http === '2') {
    throw usageError(
      '--http2: some of the URLs are https://, some http://',
      'Load them in runs of their own.',
    );
  }
  return first;
}

function recipeOf(
  targets: readonly RequestTarget[],
  { url: _, connection, ...request }: StreamRequest,
  lastEventId: string,
): RequestRecipe {
  const { http, https, noProxy } = connection.proxy;
  return {
    ...request,
    urls: targets.map(({ url }) => url.href),
    connection: {
      ...connection,
      proxy: {
        noProxy,
        ...(http === undefined ? {} : { http: http.href }),
        ...(https === undefined ? {} : { https: https.href }),
      },
    },
    lastEventId,
  };
}

async function usersOf(
  { users: path, user }: BenchFlags,
  recipe: RequestRecipe,
  files: FileReader,
): Promise<Users | undefined> {
  if (path === undefined) return undefined;
  if (user !== undefined && hasPlaces(user)) {
    throw usageError(
      '--user: it is encoded before users fill their places',
      "Have a column with the encoded pair, and give -H 'Authorization: Basic {{column}}'.",
    );
  }
  const bytes = await files.read(path, '--users');
  try {
    const parsed = parseUsers(bytes);
    checkUsers(recipe, parsed);
    return { columns: parsed.columns, rows: parsed.rows };
  } catch (error) {
    throw error instanceof InvalidValue ? usageError(`--users ${path}: ${error.message}`, error.hint) : error;
  }
}

function placesIn(recipe: RequestRecipe): boolean {
  const texts = [
    ...recipe.urls.map(withPlaces),
    ...recipe.headers.map(([, value]) => value),
    bodyText(recipe) ?? '',
  ];
  return texts.some(hasPlaces);
}
