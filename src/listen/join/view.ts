/** An answer's place among those of a run. */
export interface AnswerPlace {
  /** From 1, in the order in which they began. */
  readonly n: number;
  /** What tells it from those beside it: its message or its choice, as the stream calls them; empty where nothing does. */
  readonly label: string;
}

/** What an event adds to an answer. */
export type JoinedPiece =
  | { readonly kind: 'text' | 'reasoning'; readonly answer: AnswerPlace; readonly text: string }
  /** A call of a tool, whole; both texts may be cut. */
  | { readonly kind: 'tool'; readonly answer: AnswerPlace; readonly name: string; readonly arguments: string }
  /** Nothing more comes of it. */
  | { readonly kind: 'over'; readonly answer: AnswerPlace }
  /** The service failed in mid-stream. */
  | { readonly kind: 'error'; readonly answer: AnswerPlace; readonly message: string };

/** What a printer asks about the event that it is given. */
export interface JoinView {
  /**
   * `undecided`: no event has told the format yet, and those so far may have to be shown after all; `unknown`: they are
   * to be shown, and all that follow.
   */
  readonly state: 'undecided' | 'joined' | 'unknown';
  /** In the order in which they came. */
  readonly pieces: readonly JoinedPiece[];
}
