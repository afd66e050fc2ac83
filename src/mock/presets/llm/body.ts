import { tokenise } from '../../../llm/tokens.ts';
import type { MockRequest } from '../../request.ts';
import { ServiceError } from './service-error.ts';

/** Longer texts are only estimated: counting takes its time, and the whole server would wait. */
const COUNTED_CHARACTERS = 8_192;
const CHARACTERS_PER_TOKEN = 4;

export function countTokens(texts: readonly string[]): number {
  const text = texts.filter(Boolean).join('\n');
  if (text.length <= COUNTED_CHARACTERS) return tokenise(text).length;
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** Parts of a body are repeated as JSON, which takes a call for each level. */
const DEEPEST = 500;

/**
 * The body as JSON; undefined where there is none.
 *
 * @throws ServiceError 400 for what isn't JSON, or is nested too deeply
 */
export async function jsonBody(request: MockRequest): Promise<unknown> {
  const text = (await request.body()).toString('utf8');
  if (text.trim() === '') return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new ServiceError(
      400,
      `We could not parse the JSON body of your request: ${(error as Error).message}.`,
    );
  }
  if (isDeeper(body, DEEPEST)) {
    throw new ServiceError(400, `The JSON body of your request is more than ${DEEPEST} levels deep.`);
  }
  return body;
}

function isDeeper(value: unknown, most: number): boolean {
  let level = [value].filter(isNesting);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((each) => Object.values(each).filter(isNesting));
  }
  return false;
}

function isNesting(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
