import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { monotonicMs } from '../../client/clock.ts';
import { CLOCK_HEADER } from './control.ts';

/** What came back over the control channel. */
export interface ControlAnswer {
  status: number;
  /** By name, lower case. */
  header(name: string): string | undefined;
  /** Of a status of 200; of others nothing is read. */
  text: string;
  /** Times of ours; `receivedAt` is that of the head. */
  sentAt: number;
  receivedAt: number;
  /** The origin's clock in between; absent where it said none. */
  theirs?: number;
}

/** Asks whatever listens at an address, over connections that stay open. What goes wrong is Node's own error. */
export class ControlClient {
  readonly #url: URL;
  readonly #token: string;
  readonly #connections: number;
  readonly #agent: Agent;
  readonly #underWay = new Set<ClientRequest>();
  #closed = false;

  /** @param connections as many are open at most; what is asked beyond waits for one */
  constructor(url: URL, token: string, connections: number) {
    this.#url = url;
    this.#token = token;
    this.#connections = connections;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  async get(path: string): Promise<ControlAnswer> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.#ask(path);
      } catch (error) {
        if (!(error instanceof Stale)) throw error;
        if (tried > this.#connections) throw error.cause;
      }
    }
  }

  /** What is asked now fails, and so does what is asked later. */
  close(): void {
    this.#closed = true;
    for (const request of this.#underWay) request.destroy(new Error(OVER));
    this.#agent.destroy();
  }

  #ask(path: string): Promise<ControlAnswer> {
    if (this.#closed) return Promise.reject(new Error(OVER));
    return new Promise((resolve, reject) => {
      const request = httpRequest(new URL(path, this.#url), {
        agent: this.#agent,
        headers: { Authorization: `Bearer ${this.#token}` },
      });
      this.#underWay.add(request);
      const timer = setTimeout(() => request.destroy(new Error(NO_ANSWER)), ANSWER_MS);
      request.once('close', () => {
        clearTimeout(timer);
        this.#underWay.delete(request);
      });
      let sentAt = monotonicMs();
      // Before that it may have waited for one.
      request.once('socket', () => {
        sentAt = monotonicMs();
      });
      request.once('response', (response) => {
        const receivedAt = monotonicMs();
        textOf(response).then((text) => resolve(answerOf(response, { text, sentAt, receivedAt })), reject);
      });
      request.on('error', (error) => {
        const { code } = error as NodeJS.ErrnoException;
        reject(request.reusedSocket && code === 'ECONNRESET' ? new Stale('', { cause: error }) : error);
      });
      request.end();
    });
  }
}

/** The other side ended a connection that waited, in the moment in which it was used: all that wait may be so. */
class Stale extends Error {}

const OVER = 'the check is over';
const ANSWER_MS = 10_000;
const NO_ANSWER = `no answer came within ${ANSWER_MS / 1_000} s`;
/** Some thousands of visits with their headers. */
const MOST_BYTES = 32 * 1024 ** 2;

async function textOf(response: IncomingMessage): Promise<string> {
  if (response.statusCode !== 200 || response.headers[CLOCK_HEADER.toLowerCase()] === undefined) {
    // It may be a stream that never ends.
    response.destroy();
    return '';
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) throw new Error(`the answer has more than ${MOST_BYTES / 1024 ** 2} MB`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

function answerOf(
  { statusCode = 0, headers }: IncomingMessage,
  { text, sentAt, receivedAt }: Pick<ControlAnswer, 'text' | 'sentAt' | 'receivedAt'>,
): ControlAnswer {
  const header = (name: string) => {
    const value = headers[name.toLowerCase()];
    return Array.isArray(value) ? value[0] : value;
  };
  const theirs = Number(header(CLOCK_HEADER) ?? Number.NaN);
  return {
    ...{ status: statusCode, header, text, sentAt, receivedAt },
    ...(Number.isFinite(theirs) && { theirs }),
  };
}
