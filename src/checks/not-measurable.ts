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

/** There is nothing here that it could measure, and nobody misses it: `HTTP/1.1 is asked for`. */
export class NothingToMeasure extends NotMeasurable {}

/** What is wrong with the proxy keeps it from being seen: when that is mended, it may be. */
export class HiddenByFault extends NotMeasurable {}

/** In place of an answer that the origin had begun, the proxy has sent an error of its own. */
export class GivenUp extends HiddenByFault {
  /** Of the proxy's answer. */
  readonly status: number;
  /** Since the origin's head. */
  readonly afterMs: number;

  constructor(status: number, afterMs: number) {
    super(`the proxy answered HTTP ${status} itself, though the origin had begun to answer`);
    this.status = status;
    this.afterMs = afterMs;
  }
}

/** This machine was late itself by so much that nothing can be told of the proxy; another time it may be. */
export class TooBusy extends NotMeasurable {}
