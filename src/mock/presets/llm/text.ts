import { parameter, type ShapeValues } from '../../overrides.ts';
import type { MockRequest } from '../../request.ts';
import { readJsonBody } from '../../templates/json-body.ts';
import { compileTemplate } from '../../templates/template.ts';

/**
 * The text that `--data` has the model say: a template over the request.
 *
 * @throws RequestError 400 for a template that is wrong
 */
export async function textFor(
  { data }: ShapeValues,
  request: MockRequest,
  nowMs: number,
): Promise<string | undefined> {
  if (data === undefined) return undefined;
  const template = parameter('data', () => compileTemplate(data, { event: false }));
  const body = template.needsBody ? await readJsonBody(request) : undefined;
  return template.render({ request, body, n: 1, nowMs, random: request.random });
}
