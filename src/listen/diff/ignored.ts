import { usageError } from '../../client/errors.ts';
import { descend } from '../../notation/json-path.ts';
import { namedSteps } from '../json-part.ts';
import { canonical, parseJson } from './json-value.ts';
import type { RecordedEvent } from './received.ts';

interface Path {
  /** As it was given. */
  text: string;
  steps: readonly (string | number)[];
}

/** What of events is not compared. */
export class Ignored {
  readonly #paths: readonly Path[];
  readonly #id: boolean;
  readonly #found = new Set<string>();

  /**
   * Takes what a comparison prints of a change: `id`, or a path such as `data.items[0].price`.
   *
   * @param name of the flag, for messages
   * @throws SseKitError exit 2
   */
  constructor(paths: readonly string[], name: string) {
    this.#id = paths.includes('id');
    this.#paths = paths.filter((each) => each !== 'id').map((text) => dataPath(text, name));
  }

  /** The event as it is compared. */
  leaveOut(event: RecordedEvent): RecordedEvent {
    if (!this.#id && this.#paths.length === 0) return event;
    if (this.#id && event.id !== undefined) this.#found.add('id');
    return { ...event, id: this.#id ? undefined : event.id, data: this.#withoutPaths(event.data) };
  }

  /** What none of the events had. */
  unmatched(): string[] {
    const all = [...(this.#id ? ['id'] : []), ...this.#paths.map(({ text }) => text)];
    return [...new Set(all)].filter((each) => !this.#found.has(each));
  }

  #withoutPaths(data: string): string {
    if (this.#paths.length === 0 || !/^\s*[[{]/.test(data)) return data;
    const value = parseJson(data);
    let left = false;
    for (const { text, steps } of this.#paths) {
      if (!removed(value, steps)) continue;
      this.#found.add(text);
      left = true;
    }
    // What is nested so deeply that it has no one way to be written stays as it is.
    return left ? (canonical(value) ?? data) : data;
  }
}

function dataPath(text: string, name: string): Path {
  const [first, ...steps] = namedSteps(text, name);
  if (first === 'data' && steps.length > 0) return { text, steps };
  throw usageError(
    `${name}: "${text}" is no part of an event that can be left out`,
    'Accepted: id, or a path into JSON data as a comparison prints it, such as data.timestamp.',
  );
}

/** Whether it was there. In place; what is left out of a list leaves its place empty, so that the others keep theirs. */
function removed(value: unknown, steps: Path['steps']): boolean {
  const holder = steps.slice(0, -1).reduce(descend, value);
  const last = steps.at(-1);
  if (last === undefined || descend(holder, last) === undefined) return false;
  if (Array.isArray(holder)) {
    const at = Number(last);
    holder[at < 0 ? holder.length + at : at] = null;
  } else {
    delete (holder as Record<string | number, unknown>)[last];
  }
  return true;
}
