import type { ClientReason, CloseInfo, OpenInfo } from '../../client/records.ts';
import type { SummarySections } from '../../results/sections.ts';
import type { SseEvent } from '../../sse/sink.ts';
import type { Instrument, InstrumentContext, InstrumentMaker } from '../instrument.ts';
import type { Outcome, RunEnd } from '../outcome.ts';
import type { EventPosition, OpenPosition, Position } from '../printer.ts';
import { Expectation, type GivenRule } from './expectation.ts';
import type { Judge } from './judge.ts';
import { JudgedEvent } from './judged-event.ts';
import { parseRule } from './parse.ts';
import { holdsOnlyAtEnd } from './patience.ts';
import { ruleText } from './rule.ts';
import { ruleError } from './rule-error.ts';
import { outcomeWith } from './verdict.ts';

export interface ExpectSettings {
  showSecrets: boolean;
  /** Something else than a rule is awaited (`--until`): the run doesn't end where all rules hold. */
  awaitsMore: boolean;
}

/** Who interrupts, or whichever rule failed first, has kept the others from being decided. */
const CUTS_SHORT: ReadonlySet<ClientReason | undefined> = new Set(['signal', 'pipe', 'expect']);

/**
 * Reads the rules, and what they name.
 *
 * @throws SseKitError exit 2 for a rule that can't be read, is given twice, or names a schema that can't be used
 */
export async function readRules(texts: readonly string[]): Promise<GivenRule[]> {
  const given: GivenRule[] = [];
  const known = new Map<string, string>();
  for (const text of texts) {
    const rule = parseRule(text);
    const twin = known.get(ruleText(rule));
    if (twin !== undefined) {
      throw ruleError(
        text,
        twin === text ? 'it is given twice' : `it says the same as ${JSON.stringify(twin)}`,
      );
    }
    known.set(ruleText(rule), text);
    if (rule.kind !== 'schema') given.push({ text, rule });
    else {
      // The validator takes its time to load: only rules with a schema pay.
      const { loadSchema } = await import('./schema-source.ts');
      given.push({ text, rule, schema: loadSchema(rule, text) });
    }
  }
  return given;
}

/** Judges the rules of a run. */
export function expectations(given: readonly GivenRule[], settings: ExpectSettings): InstrumentMaker {
  return (context) => instrumentOf(new Expectations(given, settings, context));
}

/**
 * What to tell whoever gives rules that only the end of the stream can decide, and nothing that ends it; nothing where
 * they say themselves that it ends.
 */
export function noteOnEnd(given: readonly GivenRule[]): string | undefined {
  const [first] = given.filter(({ rule }) => holdsOnlyAtEnd(rule));
  if (first === undefined || given.some(({ rule }) => rule.kind === 'ending')) return undefined;
  return `${first.text} can hold only when the stream is over: for one without an end add --for or -n`;
}

/** Reading is made slower only where some rule looks at bytes. */
function instrumentOf(all: Expectations): Instrument {
  return {
    attempt: (_marks, at) => all.attempt(at),
    open: (info, at, accepted) => all.open(info, at, accepted),
    event: (event, at) => all.event(event, at),
    comment: (_text, at) => all.comment(at),
    ...(all.readsBody ? { body: (bytes: Uint8Array, at: Position) => all.body(bytes, at) } : {}),
    paused: () => all.paused(),
    resumed: (at) => all.resumed(at),
    close: (info, at, final) => all.close(info, at, final),
    judge: (outcome, end) => all.judge(outcome, end),
    conclude: () => all.sections(),
  };
}

class Expectations {
  readonly #all: readonly Expectation[];
  /** Those without a result yet. */
  #open: readonly Expectation[];
  readonly #settings: ExpectSettings;
  readonly #context: InstrumentContext;
  /** Something was decided that nobody has looked at. */
  #news = false;
  /** In the middle of a record: what is decided is looked at when all have been told. */
  #telling = false;
  /** The answer is no stream: its end comes at once, and says more than ours would. */
  #rejected = false;
  /** When the last attempt ended, or we asked to leave: what is told after that says nothing of the stream. */
  #overAt: number | undefined;

  constructor(given: readonly GivenRule[], settings: ExpectSettings, context: InstrumentContext) {
    this.#settings = settings;
    this.#context = context;
    const { clock } = context;
    const onDecided = () => {
      this.#news = true;
      if (!this.#telling) this.#settle();
    };
    this.#all = given.map(
      (each) => new Expectation(each, { clock, showSecrets: settings.showSecrets, onDecided }),
    );
    this.#open = this.#all;
  }

  get readsBody(): boolean {
    return this.#all.some(({ judge }) => judge.read !== undefined);
  }

  attempt({ t }: Position): void {
    this.#tell((judge) => judge.attempt?.(t));
  }

  open(info: OpenInfo, { t }: OpenPosition, accepted: boolean): void {
    this.#rejected = !accepted;
    this.#tell((judge) => judge.open?.(info, t, accepted));
  }

  body({ length }: Uint8Array, { t }: Position): void {
    this.#tell((judge) => judge.read?.(length, t));
  }

  event(event: SseEvent, { n, t }: EventPosition): void {
    const judged = new JudgedEvent(event, n, t);
    this.#tell((judge) => judge.event?.(judged));
  }

  comment({ t }: Position): void {
    this.#tell((judge) => judge.comment?.(t));
  }

  paused(): void {
    this.#record((judge) => judge.paused?.());
  }

  resumed({ t }: Position): void {
    this.#record((judge) => judge.resumed?.(t));
  }

  close(info: CloseInfo, { t }: Position, final: boolean): void {
    this.#rejected = false;
    this.#record((judge) => judge.close?.(info, t, final));
    // What the end decides must not look as if it had ended the run.
    if (final) this.#overAt ??= t;
    else this.#settle();
  }

  judge(outcome: Outcome, end: RunEnd): Outcome {
    const { clock, position } = this.#context;
    const t = this.#overAt ?? position(clock.now()).t;
    // A recorded run is judged for as long as it was meant to last.
    const by = end.by ?? end.recordedBy;
    const cutShort = CUTS_SHORT.has(by) || end.recordedBy === 'error';
    for (const each of this.#all) each.end({ ...end, by }, t, cutShort);
    return outcomeWith(this.#all, outcome, end);
  }

  sections(): SummarySections {
    return { expectations: this.#all.flatMap(({ result }) => result ?? []) };
  }

  #tell(record: (judge: Judge) => void): void {
    this.#record(record);
    this.#settle();
  }

  #record(record: (judge: Judge) => void): void {
    if (this.#overAt !== undefined) return;
    this.#telling = true;
    for (const { judge } of this.#open) record(judge);
    this.#telling = false;
  }

  /** Leaves as soon as one rule has failed for good, or all of them hold for good. */
  #settle(): void {
    if (!this.#news || this.#rejected || this.#overAt !== undefined) return;
    this.#news = false;
    this.#open = this.#open.filter(({ result }) => result === undefined);
    const results = this.#all.flatMap(({ result }) => result ?? []);
    const failed = results.some(({ pass }) => !pass);
    const allHold = this.#open.length === 0 && !this.#settings.awaitsMore;
    if (!failed && !allHold) return;
    // A replay may tell more of the stream before it has really ended.
    this.#overAt = Math.max(...results.map(({ t }) => t));
    for (const each of this.#open) each.stopWaiting();
    this.#context.leave('expect');
  }
}
