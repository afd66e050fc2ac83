import { monotonicMs } from '../../client/clock.ts';

/** A timer above this fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Waits until it is time for what was recorded, at the speed that it is told again with. */
export class Pace {
  readonly #speed: number;
  /** When the recorded time 0 would have been. */
  #origin = monotonicMs();
  #timer: NodeJS.Timeout | undefined;
  #wake: (() => void) | undefined;
  #ended = false;

  /** @param speed how many times as fast as it was; `Infinity` waits for nothing */
  constructor(speed: number) {
    this.#speed = speed;
  }

  /** Nothing is waited for. */
  get none(): boolean {
    return this.#speed === Number.POSITIVE_INFINITY;
  }

  /** Resolves when it is time for what happened `at`, or nothing more is to be waited for. */
  async until(at: number): Promise<void> {
    if (this.none) return;
    for (let ms = this.#away(at); ms > 0 && !this.#ended; ms = this.#away(at)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#timer = setTimeout(resolve, Math.min(ms, LONGEST_TIMER_MS));
      });
    }
  }

  /** What somebody held us up for is not made up for. */
  delay(ms: number): void {
    this.#origin += ms;
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#wake?.();
  }

  #away(at: number): number {
    return Math.ceil(this.#origin + at / this.#speed - monotonicMs());
  }
}
