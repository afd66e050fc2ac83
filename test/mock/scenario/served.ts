import assert from 'node:assert/strict';
import type { Answer, PlainAnswer, StreamAnswer } from '../../../src/mock/answer.ts';
import { parseScenario } from '../../../src/mock/scenario/parse.ts';
import { problemLines } from '../../../src/mock/scenario/problem.ts';
import {
  type ScenarioOptions,
  type ScenarioSite,
  scenarioSite,
} from '../../../src/mock/scenario/scenario-site.ts';
import type { Step } from '../../../src/mock/step.ts';
import type { EncodableEvent } from '../../../src/sse/encoder.ts';
import { fakeRequest } from '../templates/scope.ts';

export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A scenario from its text; a problem in it fails the test. */
export function site(text: string, options: ScenarioOptions = {}): ScenarioSite {
  const source = parseScenario(text);
  if (Array.isArray(source)) return assert.fail(problemLines('scenario', source).join('\n'));
  return scenarioSite(source, { clock: () => NOW, ...options });
}

/** The problems of a text, `line:column message`. */
export function problems(text: string): string[] {
  const source = parseScenario(text);
  assert.ok(Array.isArray(source), 'the scenario was taken');
  return problemLines('', source).map((line) => line.slice(1).replace(/^(\d+:\d+):/, '$1'));
}

/** One route at /s with this stream. */
export function withStream(stream: string, defaults = ''): string {
  return `${defaults}\nroutes:\n  - path: /s\n    stream:\n${stream.trim().replace(/^/gm, '      ')}\n`;
}

type RequestParts = Parameters<typeof fakeRequest>[0];

/** What a request gets. */
export async function ask(served: ScenarioSite, parts: RequestParts = {}): Promise<Answer> {
  const request = fakeRequest({ path: '/s', ...parts });
  const { method, path, headers } = request;
  const found = served.find({ method, path, headers });
  assert.ok(found, `no route for ${method} ${path}`);
  return found.route.handler({ ...request, params: found.params });
}

export async function askPlain(served: ScenarioSite, parts: RequestParts = {}): Promise<PlainAnswer> {
  const answer = await ask(served, parts);
  assert.equal(answer.kind, 'plain');
  return answer as PlainAnswer;
}

export async function askStream(served: ScenarioSite, parts: RequestParts = {}): Promise<StreamAnswer> {
  const answer = await ask(served, parts);
  assert.equal(answer.kind, 'stream', JSON.stringify(answer));
  return answer as StreamAnswer;
}

/** The first steps of a stream, all of them where it has fewer. */
export function stepsOf({ schedule }: StreamAnswer, most = 100): Step[] {
  const steps: Step[] = [];
  for (let next = schedule.next(); next.done !== true; next = schedule.next()) {
    steps.push(next.value);
    if (steps.length === most) break;
  }
  return steps;
}

/** The events among them, made at their time. */
export function eventsOf(answer: StreamAnswer, most = 100): EncodableEvent[] {
  let atMs = NOW;
  return stepsOf(answer, most).flatMap((step) => {
    atMs += step.afterMs;
    if (step.kind !== 'event') return [];
    return [typeof step.event === 'function' ? step.event(atMs) : step.event];
  });
}

/** In short: `+500 1 tick`, the wait, the id and the data of an event, or what else happens. */
export function told(answer: StreamAnswer, most = 100): string[] {
  return stepsOf(answer, most).map((step) => `+${step.afterMs} ${inShort(step)}`);
}

function inShort(step: Step): string {
  switch (step.kind) {
    case 'event': {
      const { id, event, data } = typeof step.event === 'function' ? step.event(NOW) : step.event;
      return [id ?? '-', event ?? [], data].flat().join(' ');
    }
    case 'comment':
      return `: ${step.text}`;
    case 'retry':
      return `retry ${step.ms}`;
    case 'bytes':
      return `bytes ${JSON.stringify(Buffer.from(step.bytes).toString())}`;
    case 'fault':
      return `fault ${step.fault.text}`;
    case 'end':
      return step.how;
  }
}
