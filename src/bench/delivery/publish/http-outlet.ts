import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect } from '../../../client/connector.ts';
import { SseKitError } from '../../../client/errors.ts';
import { codeOf } from '../../../client/failures.ts';
import { headerValue, utf8AsLatin1 } from '../../../client/headers.ts';
import type { HeaderPair, Marks } from '../../../client/records.ts';
import type { ConnectionOptions } from '../../../client/request.ts';
import { routeTo } from '../../../client/route.ts';
import type { RequestRecipe } from '../../options.ts';
import { connectionOf } from '../../recipe.ts';
import type { Outgoing, Outlet } from './outlet.ts';

/** Longest that an answer may take, connecting included. */
const ANSWER_MS = 10_000;

/** Of what a server says about a refusal. */
const LONGEST_REASON = 200;

interface HttpOutletOptions {
  headers: readonly HeaderPair[];
  request: RequestRecipe;
}

/** Sends each event in a POST of its own, over connections that stay open. */
export class HttpOutlet implements Outlet {
  readonly mostAtOnce = 64;
  readonly #url: URL;
  readonly #agent: Agent;
  readonly #path: string;
  readonly #headers: HeaderPair[];
  readonly #underWay = new Set<ClientRequest>();

  constructor(url: URL, { headers, request }: HttpOutletOptions) {
    this.#url = url;
    const connection = publisherConnection(url, request);
    const { proxy } = routeTo(url, connection);
    const forwarded = proxy?.mode === 'forward';
    this.#path = forwarded ? url.href : `${url.pathname}${url.search}`;
    this.#headers = [
      ...(headerValue(headers, 'host') === undefined ? [['Host', url.host] as const] : []),
      ...(forwarded && proxy.authorization !== undefined
        ? [['Proxy-Authorization', proxy.authorization] as const]
        : []),
      ...headers,
    ];
    this.#agent = new ConnectorAgent(url, connection, this.mostAtOnce);
  }

  publish(event: Outgoing): Promise<void> {
    return new Promise((resolve, reject) => {
      const text = Buffer.from(event.render());
      const request = httpRequest({
        agent: this.#agent,
        host: this.#url.hostname,
        method: 'POST',
        path: this.#path,
        headers: [...this.#headers, ['Content-Length', String(text.length)] as const].flatMap(
          ([name, value]) => [name, utf8AsLatin1(value)],
        ),
      });
      this.#underWay.add(request);
      const timer = setTimeout(() => request.destroy(NO_ANSWER), ANSWER_MS);
      const settle = (error?: SseKitError) => {
        clearTimeout(timer);
        this.#underWay.delete(request);
        if (error === undefined) resolve();
        else reject(error);
      };
      request.once('response', (response) => readAnswer(response, settle));
      request.on('error', (error) => settle(failureOf(error)));
      request.end(text);
    });
  }

  async close(): Promise<void> {
    for (const request of this.#underWay) request.destroy(GIVEN_UP);
    this.#agent.destroy();
  }
}

/** Connects as streams do: names, addresses, proxies, certificates and time limits are theirs. */
class ConnectorAgent extends Agent {
  readonly #url: URL;
  readonly #connection: ConnectionOptions;

  constructor(url: URL, connection: ConnectionOptions, maxSockets: number) {
    super({ keepAlive: true, maxSockets });
    this.#url = url;
    this.#connection = connection;
  }

  override createConnection(
    _options: object,
    callback?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const marks = { planned: 0, start: 0 } as Marks;
    connect(this.#url, this.#connection, {
      marks,
      done: (error, connection) => {
        const socket = connection?.socket as Duplex;
        // What the server has ended takes no further request.
        if (connection !== undefined) connection.socket.allowHalfOpen = false;
        callback?.(error ?? null, socket);
      },
    });
    return undefined;
  }
}

/** HTTP/1.1, and a socket of the file system only where streams to the same host go through it. */
function publisherConnection(url: URL, recipe: RequestRecipe): ConnectionOptions {
  const { unixSocket, ...connection } = connectionOf(recipe);
  const sameHost = recipe.urls.some((each) => new URL(each).host === url.host);
  return { ...connection, http: '1.1', ...(unixSocket !== undefined && sameHost ? { unixSocket } : {}) };
}

function readAnswer(response: IncomingMessage, settle: (error?: SseKitError) => void): void {
  const { statusCode: status = 0 } = response;
  const accepted = status >= 200 && status < 300;
  let said = '';
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    if (said.length < LONGEST_REASON) said += text.slice(0, LONGEST_REASON - said.length);
  });
  // The status has decided already, whatever becomes of the rest.
  response.once('error', () => {});
  response.once('close', () => settle(accepted ? undefined : refusal(status, said)));
}

function refusal(status: number, said: string): SseKitError {
  const exitCode = status >= 500 ? 5 : status >= 400 ? 4 : 3;
  const reason = said.trim() === '' ? '' : `: ${said.trim().replaceAll(/\s+/g, ' ')}`;
  return new SseKitError(`HTTP_${status}`, exitCode, `publishing was answered with ${status}${reason}`);
}

function failureOf(error: Error): SseKitError {
  if (error instanceof SseKitError) return error;
  const code = codeOf(error) || 'PUBLISH_FAILED';
  return new SseKitError(code, 56, `the connection to publish on failed: ${error.message}`, { cause: error });
}

const NO_ANSWER = new SseKitError('PUBLISH_TIMEOUT', 28, `no answer to publishing for ${ANSWER_MS / 1e3} s`);
const GIVEN_UP = new SseKitError('PUBLISH_UNANSWERED', 28, 'no answer to publishing when the run was over');
