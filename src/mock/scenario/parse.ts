import * as v from 'valibot';
import type { Problem } from './problem.ts';
import { hiddenRoutes, MOST_STEPS, routeProblems, stepsOf } from './rules.ts';
import { routeSchema } from './schema/route.ts';
import { scenarioSchema } from './schema/scenario.ts';
import type { ValueSchema } from './schema/value.ts';
import type { ScenarioSource } from './source.ts';
import { type Path, readYaml, type YamlSource } from './yaml-source.ts';

/** Reads the text of a scenario file: all of it, or all of its problems. */
export function parseScenario(text: string): ScenarioSource | Problem[] {
  const yaml = readYaml(text);
  if (Array.isArray(yaml)) return yaml;
  const problems: Problem[] = [];
  const shell = validated(scenarioSchema, yaml.value, [], yaml, problems);
  const raw = routesIn(yaml.value);
  // One by one, so that a problem in one route hides none of another.
  const routes = raw.map((route, index) => validated(routeSchema, route, ['routes', index], yaml, problems));
  const { defaults = {} } = shell ?? {};
  for (const [index, route] of routes.entries()) {
    if (route === undefined) continue;
    for (const { path, atKey, message } of routeProblems(route, defaults, raw[index])) {
      const place = yaml.place(['routes', index, ...path], atKey === true ? 'key' : 'value');
      problems.push({ ...place, message });
    }
  }
  for (const { index, by } of hiddenRoutes(routes)) {
    const { line } = yaml.place(['routes', by, 'path'], 'value');
    const message = `no request gets here: the route of line ${line} takes them all`;
    problems.push({ ...yaml.place(['routes', index, 'path'], 'value'), message });
  }
  const complete = routes.filter((route) => route !== undefined);
  const steps = complete.reduce((sum, route) => sum + stepsOf(route), 0);
  if (steps > MOST_STEPS) {
    const message = `${steps} steps are too many: at most ${MOST_STEPS}`;
    problems.push({ ...yaml.place(['routes'], 'key'), message });
  }
  if (shell === undefined || problems.length > 0) return problems;
  return { ...shell, routes: complete };
}

function routesIn(value: unknown): readonly unknown[] {
  const routes =
    typeof value === 'object' && value !== null ? (value as { routes?: unknown }).routes : undefined;
  return Array.isArray(routes) ? routes : [];
}

function validated<T>(
  schema: ValueSchema<T>,
  value: unknown,
  prefix: Path,
  yaml: YamlSource,
  problems: Problem[],
): T | undefined {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  problems.push(...result.issues.map((issue) => problemOf(issue, prefix, yaml)));
  return undefined;
}

function problemOf(issue: v.BaseIssue<unknown>, prefix: Path, yaml: YamlSource): Problem {
  const items = issue.path ?? [];
  const path = [...prefix, ...items.map(({ key }) => key as string | number)];
  const atKey = items.at(-1)?.origin === 'key';
  // Only of a text in which a part is wrong is the part received, and not the whole.
  const part = issue.type === 'raw_transform' ? issue.received : undefined;
  const name = atKey ? undefined : nameOf(path);
  const where = name === undefined ? '' : `${name}: `;
  return {
    ...yaml.place(path, atKey ? 'key' : 'value', part),
    message: `${where}${issue.message.replace(/\.$/, '')}`,
  };
}

/** Lists whose items are spoken of by themselves. */
const UNNAMED = ['routes', 'stream', 'steps', 'greet'];

/** The key that a value belongs to; items of a list belong to the key of the list. */
function nameOf(path: Path): string | undefined {
  const name = path.findLast((key) => typeof key === 'string');
  return name === path.at(-1) || !UNNAMED.includes(String(name)) ? name : undefined;
}
