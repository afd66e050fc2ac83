import type { Outputs } from './outputs.ts';
import type { StateFile } from './state-file.ts';

/** The last event id of a run: for its next attempt at once, for the next run as soon as its event has left. */
export class LastId {
  current: string;
  private readonly outputs: Outputs;
  private readonly state: StateFile | undefined;

  /** @param state absent: nothing is kept for another run */
  constructor(initial: string, outputs: Outputs, state: StateFile | undefined) {
    this.current = initial;
    this.outputs = outputs;
    this.state = state;
  }

  note(id: string): void {
    if (id === this.current) return;
    this.current = id;
    const { state } = this;
    if (state === undefined) return;
    this.outputs.whenDataWritten((written) => {
      if (written) state.update(id);
    });
  }

  /** Keeps the id for good, when its event has left the process. */
  async save(): Promise<void> {
    await new Promise<void>((resolve) => this.outputs.whenDataWritten(() => resolve()));
    await this.state?.close();
  }
}
