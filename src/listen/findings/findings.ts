import { SseKitError } from '../../client/errors.ts';
import type { CloseInfo, OpenInfo } from '../../client/records.ts';
import type { StreamRequest } from '../../client/request.ts';
import type { SummarySections } from '../../results/sections.ts';
import { LineScanner, type StreamLine } from '../../sse/line-scanner.ts';
import type { SseEvent } from '../../sse/sink.ts';
import type { RunClock } from '../clock.ts';
import type { Instrument, InstrumentContext } from '../instrument.ts';
import type { FindingsOptions, ListenSource } from '../options.ts';
import { failed, type Outcome, type RunEnd } from '../outcome.ts';
import type { EventPosition, Position } from '../printer.ts';
import { fieldOf } from './field.ts';
import type { Check } from './finding.ts';
import { FindingLog } from './finding-log.ts';
import { lintChecks } from './lint/lint.ts';
import { SeenIds } from './requests/seen-ids.ts';
import { strictChecks } from './strict/strict.ts';

/** `--strict`, `--lint`: looks at every line, read and event of a run, and tells what it finds. */
export function findings(options: FindingsOptions, source: ListenSource) {
  return (context: Surroundings): Instrument => new Findings(options, source, context);
}

/** What findings need of the run that they are made in. */
type Surroundings = Pick<InstrumentContext, 'clock' | 'warn'>;

/** Failures of a run that come after a violation: what they say is that the stream was not as it should be. */
const LESSER_FAILURES = new Set(['TRUNCATED', 'NO_EVENT', 'UNTIL_UNMATCHED']);

/** So many codes are named in the line that a run fails with. */
const CODES_NAMED = 4;

class Findings implements Instrument {
  readonly #log: FindingLog;
  readonly #checks: readonly Check[];
  /** What an event may take, a line may: of longer ones nothing is missed, as they end the run. */
  readonly #maxLineBytes: number;
  #scanner: LineScanner;
  /** The read at hand. */
  #at: Position = { t: 0, conn: 1 };
  #ended = false;
  /** Some answer was a stream, or bytes of one came. */
  #opened = false;
  /** Somebody wants the run to be over, or it failed: nothing more is asked. */
  #left = false;
  /** What is repeated for `--lint-requests`. */
  readonly #extraRequests: StreamRequest | undefined;
  readonly #seenIds = new SeenIds();
  readonly #clock: RunClock;
  /** Looks at the head of the answer that has come. */
  #head: (() => void) | undefined;

  constructor(options: FindingsOptions, source: ListenSource, context: Surroundings) {
    this.#maxLineBytes = source.kind === 'http' ? source.request.maxEventSizeBytes : source.maxEventSizeBytes;
    this.#clock = context.clock;
    this.#log = new FindingLog(context);
    const { report } = this.#log;
    this.#extraRequests = options.lintRequests && source.kind === 'http' ? source.request : undefined;
    this.#checks = [
      ...(options.strict ? strictChecks(report) : []),
      ...(options.lint ? lintChecks(report) : []),
      ...(this.#extraRequests === undefined ? [] : [this.#seenIds]),
    ];
    this.#scanner = this.#newScanner();
  }

  open(info: OpenInfo, at: Position, accepted: boolean): void {
    if (!accepted) return;
    this.#opened = true;
    this.#head = () => {
      for (const check of this.#checks) check.open?.(info, at);
    };
  }

  /** What is said of an answer stands below the answer. */
  opened(): void {
    this.#tellHead();
  }

  body(bytes: Uint8Array, at: Position): void {
    this.#tellHead();
    this.#opened = true;
    this.#at = at;
    this.#scanner.push(bytes, at.t);
    for (const check of this.#checks) check.read?.(bytes, at);
  }

  event(event: SseEvent, at: EventPosition): void {
    for (const check of this.#checks) check.event?.(event, at);
  }

  resumed(at: Position): void {
    for (const check of this.#checks) check.resumed?.(at);
  }

  retry(ms: number, at: Position): void {
    for (const check of this.#checks) check.retry?.(ms, at);
  }

  close(info: CloseInfo, at: Position, final: boolean): void {
    this.#tellHead();
    const rest = this.#scanner.rest();
    for (const check of this.#checks) check.close?.(info, at, rest);
    this.#scanner = this.#newScanner();
    this.#at = at;
    if (final) this.#end();
  }

  judge(outcome: Outcome, { by }: RunEnd): Outcome {
    this.#end();
    this.#left = by === 'signal' || by === 'pipe' || by === 'error';
    const isJudged =
      outcome.failure === undefined ? outcome.exitCode === 0 : LESSER_FAILURES.has(outcome.failure.code);
    const count = this.#log.total('strict', 'error');
    if (!isJudged || by === 'pipe' || count === 0) return outcome;
    return failed(violation(count, this.#log.codes('strict', 'error')));
  }

  async conclude(): Promise<SummarySections> {
    const request = this.#extraRequests;
    if (request !== undefined && this.#opened && !this.#left) {
      const { lintRequests } = await import('./requests/requests.ts');
      const { now, startedAt } = this.#clock;
      await lintRequests({
        request,
        seen: this.#seenIds,
        clock: now,
        report: (kind, message) =>
          this.#log.report(kind, { message }, { t: now() - startedAt, conn: this.#at.conn }),
      });
    }
    // That there are none can be said only of a stream.
    return this.#opened ? { findings: this.#log.counts() } : {};
  }

  #tellHead(): void {
    const tell = this.#head;
    this.#head = undefined;
    tell?.();
  }

  /** The run is over: by its last attempt's end, or between two of them. */
  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const check of this.#checks) check.end?.(this.#at);
  }

  #newScanner(): LineScanner {
    const line = (each: StreamLine) => {
      const field = fieldOf(each);
      for (const check of this.#checks) check.line?.(each, field, this.#at);
    };
    return new LineScanner({ line, lateLf: () => {} }, this.#maxLineBytes);
  }
}

function violation(count: number, codes: readonly string[]): SseKitError {
  const named = codes.slice(0, CODES_NAMED).join(', ');
  const further = codes.length > CODES_NAMED ? ', …' : '';
  const places = count === 1 ? '1 place' : `${count} places`;
  return new SseKitError(
    'STRICT_VIOLATION',
    12,
    `--strict: ${places} that a browser passes over in silence`,
    {
      hint: `--strict found ${places} that a browser ignores, discards or replaces: ${named}${further}`,
    },
  );
}
