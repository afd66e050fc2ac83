import { monotonicMs } from './clock.ts';

/**
 * Fires when nothing was heard for so long. Hearing something only notes the time: the timer looks when it is
 * due and sleeps for the rest, so that a busy stream costs no timer per read.
 */
export class IdleTimer {
  private timer: NodeJS.Timeout | undefined;
  private heardAt = 0;
  private paused = false;
  private readonly timeoutMs: number;
  private readonly onIdle: () => void;

  constructor(timeoutMs: number, onIdle: () => void) {
    this.timeoutMs = timeoutMs;
    this.onIdle = onIdle;
  }

  start(at: number): void {
    if (this.timeoutMs <= 0 || this.timer !== undefined) return;
    this.heardAt = at;
    this.wait(this.timeoutMs);
  }

  heard(at: number): void {
    this.heardAt = at;
  }

  /** While we don't read, silence is ours. */
  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.heardAt = monotonicMs();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private wait(ms: number): void {
    this.timer = setTimeout(() => this.look(), ms);
  }

  private look(): void {
    const left = this.paused ? this.timeoutMs : this.heardAt + this.timeoutMs - monotonicMs();
    // Node's timers may fire up to a millisecond early.
    if (left > 1) this.wait(left);
    else this.onIdle();
  }
}
