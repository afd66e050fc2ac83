/** What a reader tells of the answers that a stream carries. Nothing is repeated: text comes in the pieces in which it came. */
export interface AnswerSink {
  /**
   * What follows belongs to this message: the answer to one request, or what an application calls a message. A message
   * is new where the id is, and where it had been over.
   */
  message(id: string): void;
  /** `choice` counts the answers to one request that come side by side; nearly always it is 0. It has begun, if it had not. */
  begin(choice: number): void;
  piece(choice: number, kind: PieceKind, text: string): void;
  /** A piece of a call of a tool; `call` is its place among those of the choice. */
  tool(choice: number, call: number, piece: ToolPiece): void;
  /** The call is whole. */
  toolDone(choice: number, call: number): void;
  /** Why the choice ended, in the service's own word. */
  finish(choice: number, reason: string): void;
  /** Of the whole message; a later figure replaces an earlier one. */
  usage(usage: TokenUsage): void;
  /** The service failed in mid-stream. */
  error(message: string): void;
  /** What tells a client that the message is whole. */
  complete(): void;
}

/** `thinking`: before the answer; `refusal`: instead of it. */
export type PieceKind = 'text' | 'thinking' | 'refusal';

export interface ToolPiece {
  /** Where services give one place to several calls, it tells them apart. */
  id?: string;
  name?: string;
  /** A piece of the arguments, which are JSON once they are whole. */
  arguments?: string;
}

/** Tokens as the service counted them; `output` includes those of thinking. */
export interface TokenUsage {
  input: number | undefined;
  output: number | undefined;
  reasoning: number | undefined;
}

/** What a reader looks at of an event. */
export interface StreamedEvent {
  event: string;
  data: string;
}

/** Follows the events of one format, over any number of connections. */
export interface AnswerReader {
  /** `json`: the data, where it is JSON. What is none of the format's is passed over. */
  read(event: StreamedEvent, json: unknown): void;
  /** Another connection begins: it may go on with the message, or begin a new one. */
  reconnected(): void;
}

/** A wire format of streamed answers. */
export interface AnswerFormat {
  readonly name: string;
  /** Whether the event can only be of this format. Pings, and whatever others have as well, tell nothing. */
  recognises(event: StreamedEvent, json: unknown): boolean;
  reader(sink: AnswerSink): AnswerReader;
  /** What the last event has that tells that the answer is whole, in words; `undefined` where the format has none. */
  readonly ending: string | undefined;
  /** Whether every answer ends with a reason. */
  readonly givesReason: boolean;
  /** Messages come side by side, and their ids tell people which is which. */
  readonly labelled?: true;
}
