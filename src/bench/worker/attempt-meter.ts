import type { Marks } from '../../client/records.ts';
import type { Cut, Measures } from './measures.ts';
import { SilenceWatch } from './silence-watch.ts';

/** Of a reader that is slow on purpose: its silences are of its own making. */
const NO_MEASURES: Measures = { record() {}, censor() {}, lose() {} };

/** What is measured on one attempt, from its start to its end. Times are milliseconds on the monotonic clock. */
export class AttemptMeter {
  readonly #measures: Measures;
  readonly #marks: Readonly<Marks>;
  /** It reads only so fast: gaps say nothing of the server. */
  readonly #slow: boolean;
  /** The plan had it start, and not a policy of reconnecting. */
  readonly #inPlan: boolean;
  #watch: SilenceWatch | undefined;
  #anyByte = false;
  #anyEvent = false;

  constructor(measures: Measures, marks: Readonly<Marks>, kind: { slow: boolean; inPlan: boolean }) {
    this.#measures = measures;
    this.#marks = marks;
    this.#slow = kind.slow;
    this.#inPlan = kind.inPlan;
    measures.record(kind.inPlan ? 'start_delay' : 'reconnect_start_delay', marks.start - marks.planned);
  }

  /** When its latest event came; 0 where none did, or where that says nothing of the server. */
  get eventAt(): number {
    return this.#slow ? 0 : (this.#watch?.eventAt ?? 0);
  }

  /** Whether its answer was a stream. */
  get accepted(): boolean {
    return this.#watch !== undefined;
  }

  /** The headers of a stream came. */
  opened(at: number): void {
    const { start, dns, tcp, tls } = this.#marks;
    if (dns !== undefined) this.#measures.record('time_to_dns', dns - start);
    if (tcp !== undefined) this.#measures.record('time_to_tcp', tcp - start);
    if (tls !== undefined) this.#measures.record('time_to_tls', tls - start);
    this.#reached('time_to_headers', at);
    this.#watch = new SilenceWatch(this.#slow ? NO_MEASURES : this.#measures, at);
  }

  /** @returns whether these bytes came in a read of their own */
  read(at: number): boolean {
    if (!this.#anyByte) {
      this.#anyByte = true;
      this.#reached('time_to_first_byte', at);
    }
    return this.#watch?.read(at) ?? false;
  }

  /** @returns which event it is: the `first` of the attempt, the first of its read (`apart`), or one `beside` it */
  event(at: number): 'first' | 'apart' | 'beside' {
    const apart = this.#watch?.event(at) ?? true;
    if (this.#anyEvent) return apart ? 'apart' : 'beside';
    this.#anyEvent = true;
    this.#reached('time_to_first_event', at);
    return 'first';
  }

  comment(): void {
    this.#watch?.comment();
  }

  /**
   * It is over. An attempt that was left would have taken longer to what it had not reached; what the server or the
   * network ended never gets there. One that was refused is an error, and no latency. Behind one that was complete the gap
   * since its latest event goes on (`eventAt`): whoever comes back for more waits until there is some.
   *
   * @param heardUntil from then on there was nothing to be heard, by no fault of the server's
   * @returns for how long nothing had come, where that says something of the server
   */
  ended(how: 'left' | 'complete' | 'broken', at: number, heardUntil = at): number | undefined {
    const cut: Cut = how === 'left' ? 'censor' : 'lose';
    if (how === 'left' || this.accepted) this.#cutMarks(cut, at);
    const silence: Cut = how === 'broken' ? 'lose' : 'censor';
    const silent = this.#watch?.end(
      how === 'complete' ? { silence } : { silence, gap: silence },
      at,
      heardUntil,
    );
    return this.#slow ? undefined : silent;
  }

  #reached(mark: 'time_to_headers' | 'time_to_first_byte' | 'time_to_first_event', at: number): void {
    this.#measures.record(mark, at - this.#marks.start);
    this.#measures.record(`${mark}_from_planned`, at - this.#dueAt());
  }

  #cutMarks(cut: Cut, at: number): void {
    const { start } = this.#marks;
    const missing = [
      ...(this.accepted ? [] : (['time_to_headers'] as const)),
      ...(this.#anyByte ? [] : (['time_to_first_byte'] as const)),
      ...(this.#anyEvent ? [] : (['time_to_first_event'] as const)),
    ];
    for (const mark of missing) {
      this.#measures[cut](mark, at - start);
      this.#measures[cut](`${mark}_from_planned`, at - this.#dueAt());
    }
  }

  /** Streams that were cut together are due again together, as hardly any users are: their wait for each other here is none of the plan's. */
  #dueAt(): number {
    return this.#inPlan ? this.#marks.planned : this.#marks.start;
  }
}
