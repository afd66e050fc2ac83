import type { MockRequest } from '../../request.ts';
import { readJsonBody } from '../../templates/json-body.ts';
import { compileTemplate, type Template } from '../../templates/template.ts';

/**
 * The text that `--data` has the model say: a template over the request.
 *
 * @throws InvalidValue for one that names nothing
 */
export function compileText(data: string): Template {
  return compileTemplate(data, { event: false });
}

/** @throws RequestError 400 where it speaks of a body that isn't JSON */
export async function renderText(template: Template, request: MockRequest, nowMs: number): Promise<string> {
  const body = template.needsBody ? await readJsonBody(request) : undefined;
  return template.render({ request, body, n: 1, nowMs, random: request.random });
}
