import type { OtherRecord } from '../../recording/records.ts';
import type { PauseListener } from '../pauses.ts';

/** The times in which the recorded run did not read, as its recording tells them. */
export class RecordedPauses {
  #listener: PauseListener | undefined;
  #paused = false;

  toldTo(listener: PauseListener): void {
    this.#listener = listener;
  }

  /** When the record says that a pause began or ended; `undefined` where it tells of none. */
  timeOf({ name, value }: OtherRecord): number | undefined {
    const isNews = name === (this.#paused ? 'resumed' : 'paused');
    return isNews && typeof value.t === 'number' ? value.t : undefined;
  }

  /** What `timeOf` has found has come. */
  turn(at: number): void {
    this.#paused = !this.#paused;
    if (this.#paused) this.#listener?.paused(at);
    else this.#listener?.resumed(at);
  }

  /** Another run follows, that knows nothing of a pause which was never ended. */
  end(at: number): void {
    if (this.#paused) this.turn(at);
  }
}
