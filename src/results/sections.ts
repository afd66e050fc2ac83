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
  /** Place among the answers of the run, from 1. */
  n: number;
  /** What tells it from those beside it: its message or its choice, as the stream calls them. */
  label?: string;
  /** `openai`, `openai-responses`, `anthropic`, `gemini`, `ai-token`, or the path that was joined. */
  format: string;
  /**
   * Request sent until the first piece of it: text, reasoning, or the call of a tool. Absent where none came, and on a
   * connection that had carried another message before.
   */
  ttft?: number;
  /** Until the first text of the answer itself, where reasoning came before it. */
  ttftAnswer?: number;
  /** First piece until the last. */
  duration?: number;
  /** Events that carried a piece of it. */
  chunks: number;
  /** Output tokens, where the stream tells them; of several choices it tells them together only. */
  tokens?: number;
  /**
   * Tokens a second where they are told, else chunks a second: the intervals between them over `duration`, without
   * tokens of hidden reasoning. Left out where it would rest on fewer than three reads, or less than 100 ms.
   */
  perSecond?: number;
  /** The longest time between two chunks. */
  longestStall?: number;
  /** In UTF-16 units. */
  characters: number;
  reasoningCharacters: number;
  finishReason?: string;
  /** The model refused: its text says why. */
  refused?: true;
  /** Of all choices together, on the first of them. */
  usage?: { input?: number; output?: number; reasoning?: number };
  /** Names and arguments may be cut. */
  toolCalls: readonly { name: string; arguments: string }[];
  /** The stream said that the answer is whole; absent where the format has no word for that. */
  complete?: boolean;
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
