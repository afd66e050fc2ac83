/** Who wants nothing read for now: outputs that are full, instruments that can't keep up. Reading goes on when nobody does. */
export class Holds {
  #count = 0;
  readonly #pause: () => void;
  readonly #resume: () => void;

  constructor(pause: () => void, resume: () => void) {
    this.#pause = pause;
    this.#resume = resume;
  }

  get any(): boolean {
    return this.#count > 0;
  }

  readonly add = (): void => {
    this.#count++;
    if (this.#count === 1) this.#pause();
  };

  readonly remove = (): void => {
    this.#count--;
    if (this.#count === 0) this.#resume();
  };
}
