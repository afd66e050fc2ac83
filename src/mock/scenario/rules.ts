import { ANSWER_KEYS, isAnswer } from './answer-kind.ts';
import { loopProblems } from './loops.ts';
import type { AnswerSource, DefaultsSource, RouteSource, StepSource, StreamSource } from './source.ts';
import type { Path } from './yaml-source.ts';

/** Something that no single value is wrong with, but their combination. */
export interface RuleProblem {
  path: Path;
  /** The problem is where the key stands, not its value. */
  atKey?: boolean;
  message: string;
}

/** Statuses whose answers have no body (RFC 9110, section 6.4.1). */
const BODILESS = [204, 205, 304];

/** Steps of all routes together. */
export const MOST_STEPS = 10_000;

/**
 * What is wrong with a route as a whole.
 *
 * @param raw as it was written, to tell a list of steps from a mapping with one
 */
export function routeProblems(route: RouteSource, defaults: DefaultsSource, raw: unknown): RuleProblem[] {
  const problems = [...answerProblems(route, defaults, raw), ...connectionProblems(route, defaults, raw)];
  if (isAnswer(route)) return problems;
  const message = `this route says nothing to answer with: ${ANSWER_KEYS}`;
  if (route.connections === undefined) return [...problems, { path: [], message }];
  if (coversAll(route)) return problems;
  const others = `the other connections have nothing to be answered with: give the route ${ANSWER_KEYS}`;
  return [...problems, { path: ['connections'], atKey: true, message: others }];
}

function connectionProblems(route: RouteSource, defaults: DefaultsSource, raw: unknown): RuleProblem[] {
  const rawConnections = member(raw, 'connections') ?? {};
  return (route.connections ?? []).flatMap(({ range, answer }): RuleProblem[] => {
    const key = Object.keys(rawConnections).find((text) => Number.parseInt(text, 10) === range.first) ?? '';
    const path = ['connections', key];
    if (!isAnswer(answer) && !isAnswer(route)) {
      const message = `these connections have nothing to be answered with: ${ANSWER_KEYS}`;
      return [{ path, atKey: true, message }];
    }
    const whole = isAnswer(answer) ? answer : { ...answer, ...kindOf(route) };
    const problems = answerProblems(whole, defaults, member(rawConnections, key));
    return problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
  });
}

/** Routes that no request gets to, as an earlier one takes all of theirs. */
export function hiddenRoutes(routes: readonly (RouteSource | undefined)[]): { index: number; by: number }[] {
  return routes.flatMap((route, index) => {
    if (route === undefined) return [];
    const by = routes.slice(0, index).findIndex((earlier) => earlier !== undefined && hides(earlier, route));
    return by < 0 ? [] : [{ index, by }];
  });
}

function countSteps(steps: readonly StepSource[]): number {
  return steps.reduce((sum, step) => sum + 1 + (step.kind === 'repeat' ? countSteps(step.steps) : 0), 0);
}

export function stepsOf({ stream, connections = [] }: RouteSource): number {
  const streams = [stream, ...connections.map(({ answer }) => answer.stream)];
  return streams.reduce((sum, each) => sum + countSteps([...(each?.greet ?? []), ...(each?.steps ?? [])]), 0);
}

/** What kind of answer it is, and nothing that has been looked at already. */
function kindOf({ stream, preset, close, status, body }: AnswerSource): AnswerSource {
  if (stream !== undefined) return { stream: {} };
  if (preset !== undefined) return { preset };
  if (close !== undefined) return { close };
  return status === undefined && body === undefined ? {} : { status: 200 };
}

function answerProblems(answer: AnswerSource, defaults: DefaultsSource, raw: unknown): RuleProblem[] {
  const { stream, preset, status, body, close, faults } = answer;
  const problems: RuleProblem[] = [];
  const kinds = [
    stream === undefined ? [] : ['stream'],
    preset === undefined ? [] : ['preset'],
    close === undefined ? [] : ['close'],
    status === undefined && body === undefined ? [] : [status === undefined ? 'body' : 'status'],
  ].flat();
  const [first, second] = kinds;
  if (second !== undefined) {
    problems.push({
      path: [second],
      atKey: true,
      message: `${first} and ${second} are two answers: a request gets one of ${ANSWER_KEYS}`,
    });
  }
  if (body !== undefined && status !== undefined && BODILESS.includes(status)) {
    problems.push({ path: ['body'], atKey: true, message: `an answer with status ${status} has no body` });
  }
  if (faults !== undefined && first !== 'stream' && first !== 'preset' && isAnswer(answer)) {
    problems.push({ path: ['faults'], atKey: true, message: 'only a stream or a preset has faults' });
  }
  if (stream !== undefined) problems.push(...streamProblems(stream, defaults, member(raw, 'stream')));
  return problems;
}

function streamProblems(stream: StreamSource, defaults: DefaultsSource, raw: unknown): RuleProblem[] {
  const intervalMs = stream.interval ?? defaults.interval ?? 0;
  const short = Array.isArray(raw);
  return (['greet', 'steps'] as const).flatMap((key) => {
    const prefix = key === 'steps' && short ? ['stream'] : ['stream', key];
    const found = loopProblems(stream[key] ?? [], intervalMs);
    return found.map(({ path, message }) => ({ path: [...prefix, ...path], message }));
  });
}

function coversAll({ connections = [] }: RouteSource): boolean {
  const ranges = connections.map(({ range }) => range).sort((a, b) => a.first - b.first);
  let next = 1;
  for (const { first, last } of ranges) {
    if (first > next) return false;
    next = last + 1;
  }
  return next === Infinity;
}

function hides(earlier: RouteSource, later: RouteSource): boolean {
  if (earlier.match?.headers !== undefined) return false;
  const methods = earlier.method;
  const allMethods =
    methods === undefined || (later.method ?? [undefined]).every((each) => each && methods.includes(each));
  const { shape } = earlier.path;
  return allMethods && (shape === '*' || shape === later.path.shape);
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
