import type { PayloadName } from '../payloads/registry.ts';
import type { EventSource, StepSource } from './source.ts';

/** Steps with what is known of them before they are played, so that a stream can begin anywhere among them. */
export interface Program {
  steps: readonly ProgramStep[];
  /** Those of the steps that numbered events come of. */
  eventSteps: readonly EventStep[];
  /** Numbered events that one pass sends; Infinity: it has no end. */
  events: number;
  /** How many payloads of each kind one pass generates. */
  generated: ReadonlyMap<PayloadName, number>;
  /** Some events have ids of their own. */
  ownIds: boolean;
  /** Some templates speak of the request's body. */
  needsBody: boolean;
}

export type ProgramStep =
  | Exclude<StepSource, { kind: 'repeat' }>
  | { kind: 'repeat'; times: number; body: Program };

type EventStep = Extract<ProgramStep, { kind: 'event' | 'generate' | 'repeat' }>;

export function compileProgram(sources: readonly StepSource[]): Program {
  const steps = sources.map(compileStep);
  const generated = new Map<PayloadName, number>();
  const add = (name: PayloadName, count: number) => generated.set(name, (generated.get(name) ?? 0) + count);
  let events = 0;
  for (const step of steps) {
    if (step.kind === 'event' && isNumbered(step)) events += 1;
    if (step.kind === 'generate') {
      events += step.count;
      add(step.name, step.count);
    }
    if (step.kind !== 'repeat') continue;
    // Zero times infinity is no number.
    events += step.body.events === 0 ? 0 : step.times * step.body.events;
    for (const [name, count] of step.body.generated) add(name, step.times * count);
  }
  return {
    steps,
    eventSteps: steps.filter(hasEvents),
    events,
    generated,
    ownIds: steps.some((step) => (step.kind === 'repeat' ? step.body.ownIds : hasOwnId(step))),
    needsBody: steps.some((step) => (step.kind === 'repeat' ? step.body.needsBody : needsBody(step))),
  };
}

/** What `id: off` marks belongs to no sequence: nobody resumes behind it. */
export function isNumbered({ id }: EventSource): boolean {
  return id !== 'off';
}

function hasEvents(step: ProgramStep): step is EventStep {
  if (step.kind === 'event') return isNumbered(step);
  return step.kind === 'generate' || (step.kind === 'repeat' && step.body.events > 0);
}

function compileStep(source: StepSource): ProgramStep {
  if (source.kind !== 'repeat') return source;
  return { kind: 'repeat', times: source.times, body: compileProgram(source.steps) };
}

function hasOwnId(step: StepSource): boolean {
  return step.kind === 'event' && step.id !== undefined && step.id !== 'off';
}

function needsBody(step: StepSource): boolean {
  switch (step.kind) {
    case 'event':
      return [step.event, step.data, step.id].some((each) => typeof each === 'object' && each.needsBody);
    case 'generate':
      return step.event?.needsBody ?? false;
    case 'comment':
    case 'raw':
      return step.text.needsBody;
    default:
      return false;
  }
}
