/** A probe has nothing to say along this way, or with this origin: it is skipped, and the reason is told. */
export class NotMeasurable extends Error {
  /** Without a full stop: `the proxy speaks no HTTP/2`. */
  readonly why: string;

  constructor(why: string) {
    super(why);
    this.name = 'NotMeasurable';
    this.why = why;
  }
}
