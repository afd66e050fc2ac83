import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { errorOf } from '../../../client/error-transfer.ts';
import { SseKitError } from '../../../client/errors.ts';
import { forkBeside } from '../../../processes/fork-beside.ts';
import type { PublishOptions, RequestRecipe } from '../../options.ts';
import type { FromPublisher, ToPublisher } from './messages.ts';
import type { PublishOutcome } from './publish-run.ts';

/** Longest that it takes to tell what it did, once it was told to stop. */
const END_MS = 5_000;

/** The process that publishes, seen from the one that runs a load test. */
export class Publisher {
  readonly #child: ChildProcess;
  readonly #gone: Promise<never>;
  #done: Promise<Extract<FromPublisher, { type: 'done' }>> | undefined;

  private constructor() {
    this.#child = forkBeside(import.meta.url, 'publisher-process', [], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    // It could not be started, or has gone, which its exit tells.
    this.#child.on('error', () => {});
    this.#gone = once(this.#child, 'exit').then(([code, signal]) => {
      const how = signal === null ? `ended with code ${code}` : `was killed by ${signal}`;
      throw new SseKitError('PUBLISHER_LOST', 1, `the process that publishes ${how}`);
    });
    // Nobody may be waiting for it when it goes.
    this.#gone.catch(() => {});
  }

  /**
   * Resolves when it could publish at once, or with nothing when `stopped` does before.
   *
   * @throws SseKitError where what is published to can't be reached
   */
  static async start(
    publish: PublishOptions,
    request: RequestRecipe,
    stopped: Promise<unknown> = new Promise(() => {}),
  ): Promise<Publisher | undefined> {
    const publisher = new Publisher();
    try {
      const ready = publisher.#hear('ready').then(() => true);
      publisher.#tell({ type: 'prepare', publish, request });
      if (await Promise.race([ready, stopped.then(() => false)])) return publisher;
      // That it goes without a word is as it should be.
      ready.catch(() => {});
      publisher.kill();
      return undefined;
    } catch (error) {
      publisher.kill();
      throw error;
    }
  }

  /** Publishes between two times on the monotonic clock of the machine. */
  begin(startAt: number, endAt: number): void {
    this.#done = this.#hear('done');
    // Asked for when the run is over.
    this.#done.catch(() => {});
    this.#tell({ type: 'go', startAt, endAt });
  }

  /**
   * What it did, soon after the end of its time, or after `stop`; `undefined` where it never began.
   *
   * @throws SseKitError exit 1 where the process was lost
   */
  async outcome(): Promise<PublishOutcome | undefined> {
    return (await this.#done)?.outcome;
  }

  /** Ends before its time. */
  stop(): void {
    this.#tell({ type: 'stop' });
    const kill = setTimeout(() => this.kill(), END_MS);
    this.#child.once('exit', () => clearTimeout(kill));
    this.#child.once('message', () => clearTimeout(kill));
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #hear<T extends FromPublisher['type']>(type: T): Promise<Extract<FromPublisher, { type: T }>> {
    const [message] = (await Promise.race([once(this.#child, 'message'), this.#gone])) as [FromPublisher];
    if (message.type === 'failed') throw errorOf(message.failure);
    if (message.type !== type) throw new Error(`the publisher said ${message.type}, not ${type}`);
    return message as Extract<FromPublisher, { type: T }>;
  }

  #tell(message: ToPublisher): void {
    // One that has just gone takes no message, which its exit tells.
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}
