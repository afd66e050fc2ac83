import type {
  AnswerFormat,
  AnswerSink,
  PieceKind,
  TokenUsage,
  ToolPiece,
} from '../../../src/llm/join/answer-sink.ts';
import { formatOf } from '../../../src/llm/join/formats.ts';

interface FollowedChoice {
  text: string;
  thinking: string;
  refusal: string;
  finish: string | undefined;
  calls: Map<number, { name: string; arguments: string; done: boolean }>;
}

interface FollowedMessage {
  choices: Map<number, FollowedChoice>;
  usage: TokenUsage | undefined;
  errors: string[];
  complete: boolean;
}

/** Keeps all that a reader tells. */
export class Followed implements AnswerSink {
  readonly messages = new Map<string, FollowedMessage>();
  #current: FollowedMessage | undefined;

  message(id: string): void {
    const known = this.messages.get(id);
    this.#current = known ?? { choices: new Map(), usage: undefined, errors: [], complete: false };
    if (known === undefined) this.messages.set(id, this.#current);
  }

  begin(choice: number): void {
    this.#choice(choice);
  }

  piece(choice: number, kind: PieceKind, text: string): void {
    this.#choice(choice)[kind] += text;
  }

  tool(choice: number, call: number, piece: ToolPiece): void {
    const { calls } = this.#choice(choice);
    const one = calls.get(call) ?? { name: '', arguments: '', done: false };
    calls.set(call, one);
    one.name ||= piece.name ?? '';
    one.arguments += piece.arguments ?? '';
  }

  toolDone(choice: number, call: number): void {
    const one = this.#choice(choice).calls.get(call);
    if (one !== undefined) one.done = true;
  }

  finish(choice: number, reason: string): void {
    this.#choice(choice).finish = reason;
  }

  usage(usage: TokenUsage): void {
    if (this.#current !== undefined) this.#current.usage = usage;
  }

  error(message: string): void {
    this.#current?.errors.push(message);
  }

  complete(): void {
    if (this.#current !== undefined) this.#current.complete = true;
  }

  /**
   * Message by message, choice by choice, without what is empty. Tools are `name(arguments)`, with `…` behind it where
   * nothing said that the call is whole.
   */
  get told(): object[] {
    return [...this.messages.values()].map(({ choices, usage, errors, complete }) => ({
      choices: [...choices.values()].map(({ calls, ...choice }) => {
        const tools = [...calls.values()].map(
          (call) => `${call.name}(${call.arguments})${call.done ? '' : '…'}`,
        );
        return withoutEmpty({ ...choice, tools });
      }),
      ...withoutEmpty({ usage, errors }),
      complete,
    }));
  }

  #choice(index: number): FollowedChoice {
    const { choices } = this.#current ?? fail();
    const known = choices.get(index);
    if (known !== undefined) return known;
    const choice = { text: '', thinking: '', refusal: '', finish: undefined, calls: new Map() };
    choices.set(index, choice);
    return choice;
  }
}

function fail(): never {
  throw new Error('told before any message');
}

function withoutEmpty(fields: Record<string, unknown>): object {
  const empty = (value: unknown) =>
    value === '' || value === undefined || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !empty(value)));
}

/** Reads events in the format that the first of them tells. */
export function follow(events: Iterable<{ event: string; data: string }>): {
  format: string;
  followed: Followed;
} {
  const followed = new Followed();
  let format: AnswerFormat | undefined;
  let reader: ReturnType<AnswerFormat['reader']> | undefined;
  for (const event of events) {
    const json = jsonOf(event.data);
    format ??= formatOf(event, json);
    reader ??= format?.reader(followed);
    reader?.read(event, json);
  }
  return { format: format?.name ?? '', followed };
}

export function jsonOf(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    // `[DONE]`, and what is no JSON.
    return undefined;
  }
}
