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

/**
 * The body as JSON; undefined where there is none.
 *
 * @throws ServiceError 400 for what isn't JSON
 */
export async function jsonBody(request: MockRequest): Promise<unknown> {
  const text = (await request.body()).toString('utf8');
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ServiceError(
      400,
      `We could not parse the JSON body of your request: ${(error as Error).message}.`,
    );
  }
}
