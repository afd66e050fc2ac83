import { type MockRequest, RequestError } from '../request.ts';

/**
 * The request's body, for templates that speak of it; undefined where it has none.
 *
 * @throws RequestError 400 for a body that isn't JSON, 413 for one past the limit
 */
export async function readJsonBody(request: MockRequest): Promise<unknown> {
  const text = (await request.body()).toString('utf8');
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new RequestError(400, `the body must be JSON: ${(error as Error).message}`);
  }
}
