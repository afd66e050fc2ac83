import { lazily, ownId, type Setting } from './player.ts';
import type { Program } from './program.ts';
import type { EventSource } from './source.ts';

/** So many events are looked through for an id that was written by hand. */
const FARTHEST = 10_000;

/**
 * Finds the number of the event that a client saw last; 0 where it saw none.
 *
 * @returns undefined for an id that none of the events has
 */
export function lastSeen(program: Program, setting: Setting): number | undefined {
  const { lastEventId } = setting.request;
  if (lastEventId === '') return 0;
  if (setting.numbersAreIds && !program.ownIds) {
    const n = /^[1-9]\d{0,14}$/.test(lastEventId) ? Number(lastEventId) : Infinity;
    return n <= program.events && n !== Infinity ? n : undefined;
  }
  let n = 0;
  for (const event of numberedEvents(program)) {
    n += 1;
    if (idOf(event, n, setting) === lastEventId) return n;
    if (n === FARTHEST) return undefined;
  }
  return undefined;
}

function idOf(event: EventSource | undefined, n: number, setting: Setting): string | undefined {
  if (event?.id === undefined) return setting.numbersAreIds ? String(n) : undefined;
  const { request, body, drawsOf } = setting;
  return ownId(event, { request, body, n, nowMs: 0, random: lazily(() => drawsOf(n)) });
}

/** In order; undefined stands for a generated one. What lies between them costs nothing, however much it is. */
function* numberedEvents({ eventSteps }: Program): Generator<EventSource | undefined, void> {
  for (const step of eventSteps) {
    if (step.kind === 'event') yield step;
    else if (step.kind === 'generate') for (let made = 0; made < step.count; made += 1) yield undefined;
    else for (let pass = 0; pass < step.times; pass += 1) yield* numberedEvents(step.body);
  }
}
