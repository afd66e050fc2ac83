import type { SseKitError } from '../../client/errors.ts';
import type { CloseInfo, Marks } from '../../client/records.ts';
import type { AnswerFormat, AnswerReader } from '../../llm/join/answer-sink.ts';
import { formatNamed, formatOf, isPing } from '../../llm/join/formats.ts';
import { textAt } from '../../llm/join/path.ts';
import type { SummarySections } from '../../results/sections.ts';
import type { SseEvent } from '../../sse/sink.ts';
import type { Instrument, InstrumentContext } from '../instrument.ts';
import { compilePart } from '../json-part.ts';
import type { JoinWhat } from '../options.ts';
import { failed, type Outcome, type RunEnd } from '../outcome.ts';
import type { EventPosition, Position } from '../printer.ts';
import { Joiner } from './joiner.ts';
import { answerEmpty, answerMissing } from './problems.ts';
import type { JoinedPiece, JoinView } from './view.ts';

/** So many events, pings aside, may go by before one tells the format; or so much of all. */
const MAX_UNTOLD_EVENTS = 10;
const MAX_UNTOLD_CHARACTERS = 1_000_000;

/** What is printed of an event beside its data, roughly. */
const EVENT_OVERHEAD = 100;

const NOTHING: readonly JoinedPiece[] = [];

/** Joins the answers that a stream carries: an instrument, and what the printer asks about each event. */
export class Join implements Instrument, JoinView {
  state: JoinView['state'];
  readonly #what: JoinWhat;
  #context: InstrumentContext | undefined;
  #format: AnswerFormat | undefined;
  #reader: AnswerReader | undefined;
  /** Reads what the filters hide, where it may hold the end of an answer. */
  #hiddenReader: AnswerReader | undefined;
  #joiner: Joiner | undefined;
  #marks: Readonly<Marks> | undefined;
  #conn = 0;
  #closedAt: Position = { t: 0, conn: 0 };
  /** The connection that ended last did so in the middle of an answer. */
  #interrupted = false;
  #untoldEvents = 0;
  #untoldCharacters = 0;
  /** Where nothing is found of the format asked for: the one that is there. */
  #looksLike: string | undefined;

  constructor(what: JoinWhat) {
    this.#what = what;
    this.state = what.kind === 'auto' ? 'undecided' : 'joined';
    if (what.kind === 'path') this.#use(textAt(what.path, compilePart(what.path, '--join')));
    else if (what.kind === 'format') this.#use(formatNamed(what.name));
  }

  /** The instrument that the run calls. */
  readonly watch = (context: InstrumentContext): Instrument => {
    this.#context = context;
    return this;
  };

  get pieces(): readonly JoinedPiece[] {
    return this.#joiner?.pieces ?? NOTHING;
  }

  attempt(marks: Readonly<Marks>): void {
    this.#marks = marks;
  }

  event(event: SseEvent, at: EventPosition, shown: SseEvent | undefined): void {
    if (this.state === 'unknown') return;
    const json = parsed((shown ?? event).data);
    if (this.#reader === undefined && shown !== undefined) this.#recognise(shown, json, at);
    const joiner = this.#joiner;
    if (joiner === undefined) return;
    if (at.conn !== this.#conn) this.#connected(joiner, at.conn);
    if (shown === undefined) {
      this.#hiddenReader?.read(event, json);
      return;
    }
    joiner.event(this.#clockTime(at));
    this.#reader?.read(shown, json);
    if (joiner.begun === 0 && this.#what.kind !== 'auto') this.#looksLike ??= formatOf(shown, json)?.name;
  }

  close(info: CloseInfo, at: Position): void {
    this.#closedAt = at;
    this.#interrupted = info.reason !== 'client' && this.#joiner?.disconnected(at.conn) === true;
  }

  reconnect(_record: unknown, at: Position): void {
    if (!this.#interrupted) return;
    const message = 'the connection was lost in the middle of an answer';
    this.#context?.warn({ code: 'answer-interrupted', message }, this.#clockTime(at));
  }

  judge(outcome: Outcome, end: RunEnd): Outcome {
    if (this.state === 'undecided') this.#giveUp(this.#closedAt);
    const joiner = this.#joiner;
    const problem = joiner?.problem;
    // It says why what was awaited did not come.
    const explains = outcome.failure?.code === 'UNTIL_UNMATCHED' && problem?.code === 'ANSWER_ERROR';
    if (problem !== undefined && explains) return failed(problem);
    if (outcome.exitCode !== 0 || end.by === 'until' || end.by === 'pipe') return outcome;
    // What we did not wait for may be unfinished.
    if (problem !== undefined && (end.by === undefined || problem.code === 'ANSWER_ERROR'))
      return failed(problem);
    if (joiner?.begun === 0 && end.by === undefined && this.#format !== undefined)
      return failed(this.#missing(this.#format.name));
    return outcome;
  }

  conclude(): SummarySections {
    return this.#joiner === undefined || this.#joiner.begun === 0 ? {} : { answers: this.#joiner.figures() };
  }

  #missing(format: string): SseKitError {
    return this.#what.kind === 'auto' ? answerEmpty(format) : answerMissing(format, this.#looksLike);
  }

  #use(format: AnswerFormat | undefined): void {
    if (format === undefined) return;
    this.#format = format;
    this.#joiner = new Joiner(format);
    this.#reader = format.reader(this.#joiner);
    if (format.ending !== undefined) this.#hiddenReader = format.reader(this.#joiner.hidden);
    this.state = 'joined';
  }

  #connected(joiner: Joiner, conn: number): void {
    if (this.#conn !== 0) {
      this.#reader?.reconnected();
      this.#hiddenReader?.reconnected();
    }
    this.#conn = conn;
    joiner.connected({ conn, sentAt: this.#marks?.sent });
  }

  #recognise(event: SseEvent, json: unknown, at: Position): void {
    this.#use(formatOf(event, json));
    if (this.#reader !== undefined) return;
    this.#untoldCharacters += event.data.length + EVENT_OVERHEAD;
    if (!isPing(event)) this.#untoldEvents += 1;
    if (this.#untoldEvents >= MAX_UNTOLD_EVENTS || this.#untoldCharacters >= MAX_UNTOLD_CHARACTERS)
      this.#giveUp(at);
  }

  #giveUp(at: Position): void {
    this.state = 'unknown';
    if (this.#untoldCharacters === 0) return;
    const message = 'no event is of a format that --join knows: they are shown as they are';
    this.#context?.warn({ code: 'join-unknown', message }, this.#clockTime(at));
  }

  #clockTime(at: Position): number {
    return at.t + (this.#context?.clock.startedAt ?? 0);
  }
}

/** How the JSON of a path's text or of an event begins. An exception costs a hundred times a parse. */
const JSON_START = /^\s*(?:[[{"\d-]|true|false)/;

/** `undefined` where the data is no JSON. */
function parsed(data: string): unknown {
  if (!JSON_START.test(data)) return undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    // None of the formats is anything else.
    return undefined;
  }
}
