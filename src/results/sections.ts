/** An expectation and what became of it. */
export interface ExpectationResult {
  /** As it was given. */
  rule: string;
  pass: boolean;
  /** The run ended before it could be told: it neither passed nor failed. */
  undecided?: true;
  /** What was seen that decided it, in words and figures. */
  seen: string;
  /** When it was decided, in milliseconds since the start of the run. */
  t: number;
}

/** A kind of finding, with how often it was met. */
export interface FindingCount {
  code: string;
  severity: 'error' | 'warning' | 'note';
  count: number;
  /** What was found, the first time. */
  message: string;
  /** Of the first one's first byte in the decoded body of its connection, where it has a place there. */
  offset?: number;
  conn: number;
}

/** An answer of a language model, joined from its stream; times in milliseconds (METRICS §5 gives the terms). */
export interface AnswerFigures {
  /** `openai`, `openai-responses`, `anthropic`, `gemini`, `ai-token`, or the path that was joined. */
  format: string;
  /** Request sent until the first non-empty text, reasoning included; absent where none came. */
  ttft?: number;
  /** Until the first text of the answer itself, where reasoning came before it. */
  ttftAnswer?: number;
  /** First text until the last. */
  duration?: number;
  /** Events that carried text. */
  chunks: number;
  /** Output tokens, where the stream tells them. */
  tokens?: number;
  /** Tokens a second where they are told, else chunks a second; over `duration`. */
  perSecond?: number;
  /** The longest time between two chunks. */
  longestStall?: number;
  characters: number;
  reasoningCharacters: number;
  finishReason?: string;
  usage?: { input?: number; output?: number; reasoning?: number };
  toolCalls: { name: string; arguments: string }[];
  /** The stream said that the answer is whole. */
  complete: boolean;
  /** What is wrong with it: an error event, a missing end. */
  problem?: string;
}

/** The commands that were run for events. */
export interface ExecFigures {
  started: number;
  failed: number;
  /** Of the first that failed: what went wrong, and for which event. */
  firstFailure?: string;
  /** Those that an interruption has ended, and the events for which it let none start. */
  stopped?: number;
  notRun?: number;
}

/** What instruments add to a summary; each is there where it was asked for. */
export interface SummarySections {
  expectations?: readonly ExpectationResult[];
  findings?: readonly FindingCount[];
  answers?: readonly AnswerFigures[];
  exec?: ExecFigures;
}
