import type { ToolPiece } from '../../llm/join/answer-sink.ts';
import { cut } from './cut.ts';

/** More calls than this in one answer are not kept. */
const MAX_CALLS = 50;
const MAX_NAME = 200;
const MAX_ARGUMENTS = 4_000;

/** Characters of the arguments of all calls in one answer. */
const MAX_IN_ALL = 40_000;

export interface ToolCall {
  name: string;
  arguments: string;
}

interface OpenCall {
  id: string;
  call: ToolCall;
}

/** The tools that an answer calls, put together from their pieces. */
export class ToolCalls {
  readonly #open = new Map<number, OpenCall>();
  /** In the order in which they began. */
  readonly #all: ToolCall[] = [];
  #room = MAX_IN_ALL;

  get all(): readonly ToolCall[] {
    return this.#all;
  }

  /** Returns the call that is whole now, as another one begins in its place. */
  add(key: number, piece: ToolPiece): ToolCall | undefined {
    const last = this.#open.get(key);
    const another = last !== undefined && isAnother(piece, last);
    const open = last === undefined || another ? this.#begin(key) : last;
    if (open !== undefined) {
      open.id ||= cut(piece.id ?? '', MAX_NAME);
      // Some services say the name with every piece.
      open.call.name ||= cut(piece.name ?? '', MAX_NAME);
      this.#append(open.call, piece.arguments ?? '');
    }
    return another ? last.call : undefined;
  }

  /** The call is whole; `undefined` where there is none. */
  end(key: number): ToolCall | undefined {
    const open = this.#open.get(key);
    this.#open.delete(key);
    return open?.call;
  }

  /** All that are not whole yet are as whole as they will be. */
  endAll(): ToolCall[] {
    const calls = [...this.#open.values()].map(({ call }) => call);
    this.#open.clear();
    return calls;
  }

  #begin(key: number): OpenCall | undefined {
    this.#open.delete(key);
    if (this.#all.length >= MAX_CALLS) return undefined;
    const open = { id: '', call: { name: '', arguments: '' } };
    this.#open.set(key, open);
    this.#all.push(open.call);
    return open;
  }

  #append(call: ToolCall, piece: string): void {
    const before = call.arguments.length;
    call.arguments = cut(call.arguments + piece, Math.min(MAX_ARGUMENTS, before + this.#room));
    this.#room -= call.arguments.length - before;
  }
}

/**
 * Whether the piece begins another call, as where a service gives all of them the same place. Only a piece with a name
 * can: some give every piece of one call an id of its own.
 */
function isAnother({ id = '', name = '' }: ToolPiece, { id: lastId, call }: OpenCall): boolean {
  if (name === '') return false;
  if (id !== '' && lastId !== '') return cut(id, MAX_NAME) !== lastId;
  return call.arguments !== '' && (cut(name, MAX_NAME) !== call.name || isWhole(call.arguments));
}

/** Whether nothing can be added to these arguments. */
function isWhole(text: string): boolean {
  if (!text.trimEnd().endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    // A piece of them that happens to end so.
    return false;
  }
}
