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

/** The tools that an answer calls, put together from their pieces. */
export class ToolCalls {
  readonly #open = new Map<number, ToolCall>();
  /** In the order in which they began. */
  readonly #all: ToolCall[] = [];
  #room = MAX_IN_ALL;

  get all(): readonly ToolCall[] {
    return this.#all;
  }

  add(key: number, piece: ToolPiece): void {
    const call = this.#open.get(key) ?? this.#begin(key);
    if (call === undefined) return;
    // Some services say the name with every piece.
    call.name ||= cut(piece.name ?? '', MAX_NAME);
    this.#append(call, piece.arguments ?? '');
  }

  /** The call is whole; `undefined` where there is none. */
  end(key: number): ToolCall | undefined {
    const call = this.#open.get(key);
    this.#open.delete(key);
    return call;
  }

  /** All that are not whole yet are as whole as they will be. */
  endAll(): ToolCall[] {
    const open = [...this.#open.values()];
    this.#open.clear();
    return open;
  }

  #begin(key: number): ToolCall | undefined {
    if (this.#all.length >= MAX_CALLS) return undefined;
    const call = { name: '', arguments: '' };
    this.#open.set(key, call);
    this.#all.push(call);
    return call;
  }

  #append(call: ToolCall, piece: string): void {
    const before = call.arguments.length;
    call.arguments = cut(call.arguments + piece, Math.min(MAX_ARGUMENTS, before + this.#room));
    this.#room -= call.arguments.length - before;
  }
}
