/**
 * A record being told: first to the instruments, then to the printer. What an instrument asks of the run meanwhile
 * waits until both have it, or an ending would be printed before the event that it is owed to.
 */
export class Telling {
  #underWay = false;
  #asked: (() => void) | undefined;

  begin(): void {
    this.#underWay = true;
  }

  /** Does what was asked for meanwhile. */
  end(): void {
    if (!this.#underWay) return;
    this.#underWay = false;
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.();
  }

  /** Acts when the record at hand has been told; of several wishes in one record the first counts. */
  afterwards(act: () => void): void {
    if (this.#underWay) this.#asked ??= act;
    else act();
  }
}
