import type { TemplatePlace, TemplateScope } from './scope.ts';
import { compileTemplate, type Template, TemplateError } from './template.ts';

/** A value with placeholders in its texts, rendered as JSON: what is filled in is quoted as JSON wants it. */
export type JsonTemplate = Pick<Template, 'constant' | 'needsBody' | 'render'>;

/**
 * A text that is nothing but one placeholder becomes what it stands for: `"{{n}}"` a number. Keys are as they are.
 *
 * @param report is told of each wrong placeholder, and where in the value it is
 */
export function compileJsonTemplate(
  value: unknown,
  place: TemplatePlace,
  report: (path: readonly (string | number)[], error: TemplateError) => void,
): JsonTemplate {
  const templates: Template[] = [];
  const fill = compileValue(value, [], (text, path) => {
    try {
      const template = compileTemplate(text, place);
      templates.push(template);
      return (scope) => template.value(scope);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      report(path, error);
      return () => '';
    }
  });
  const constant = templates.every((template) => template.constant);
  const needsBody = templates.some((template) => template.needsBody);
  let known: string | undefined;
  const render = (scope: TemplateScope) => {
    if (!constant) return JSON.stringify(fill(scope));
    known ??= JSON.stringify(fill(scope));
    return known;
  };
  return { constant, needsBody, render };
}

type Fill = (scope: TemplateScope) => unknown;
type Path = readonly (string | number)[];

function compileValue(value: unknown, path: Path, compileText: (text: string, path: Path) => Fill): Fill {
  if (typeof value === 'string') return compileText(value, path);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compileValue(item, [...path, index], compileText));
    return (scope) => items.map((fill) => fill(scope));
  }
  if (typeof value !== 'object' || value === null) return () => value;
  const members = Object.entries(value).map(
    ([key, member]) => [key, compileValue(member, [...path, key], compileText)] as const,
  );
  // From entries, `__proto__` becomes a key like any other.
  return (scope) => Object.fromEntries(members.map(([key, fill]) => [key, fill(scope)]));
}
