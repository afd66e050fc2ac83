import { randomBytes } from 'node:crypto';
import { basicAuthorization } from '../../client/basic-authorization.ts';
import { SseKitError, usageError } from '../../client/errors.ts';
import type { ConnectionOptions, ProxyRules } from '../../client/request.ts';
import { maskUrl } from '../../results/redaction.ts';
import type { Answer, Handler } from '../answer.ts';
import { contentOf } from '../relay/headers.ts';
import { type MockRequest, RequestError } from '../request.ts';
import { UpstreamExchange } from './exchange.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import { upstreamUrl } from './target.ts';

export interface UpstreamOptions {
  /** Requests go below it, see {@link upstreamUrl}; user and password become `Authorization`. */
  url: URL;
  /** PEM: what this server shows an upstream that asks for a certificate. */
  cert?: string;
  key?: string;
  /** Default: the upstream is reached directly. */
  proxy?: ProxyRules;
  /** Queries are the upstream's alone. Default false: what asks for faults is not passed on. */
  fixed?: boolean;
}

/** DNS, TCP and TLS together. The answer itself may take as long as it likes. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Passes every request on to another server, and its answer back: a proxy in which faults happen. The body of the
 * request is sent when it is whole; the answer's goes on read by read, and ends as it ended. An upstream that can't be
 * reached, or doesn't answer in HTTP, is 502, one that takes too long to connect 504.
 *
 * Trusts what Node trusts, `NODE_EXTRA_CA_CERTS` included.
 *
 * @throws SseKitError exit 2 for a URL of another scheme, and for a certificate or key that can't be used
 */
export async function upstreamHandler(options: UpstreamOptions): Promise<Handler> {
  const { url: upstream, fixed = false } = options;
  if (upstream.protocol !== 'http:' && upstream.protocol !== 'https:') {
    throw usageError(
      `--upstream ${maskUrl(upstream.href)}: only http: and https: can be passed on`,
      'Write a URL such as http://127.0.0.1:3000.',
    );
  }
  const connection = await connectionOptions(options);
  const pseudonym = `ssekit-${randomBytes(4).toString('hex')}`;
  const authorization = authorizationOf(upstream);

  return async (request: MockRequest): Promise<Answer> => {
    const { method, target, headers, httpVersion, remoteAddress } = request;
    if (headers.via?.includes(pseudonym) === true) {
      throw new RequestError(508, `the upstream ${upstream.origin} leads back to this server`);
    }
    const body = await request.body();
    const exchange = new UpstreamExchange(
      {
        method,
        url: upstreamUrl(upstream, target, fixed ? 'all' : 'without ours'),
        headers: requestHeaders(headers, { remoteAddress, httpVersion, pseudonym, authorization }),
        body: body.length === 0 ? undefined : body,
      },
      connection,
    );
    let hasLeft = false;
    const left = new Promise<'left'>((resolve) => {
      request.onLeave(() => {
        hasLeft = true;
        exchange.close();
        resolve('left');
      });
    });
    try {
      const head = await Promise.race([exchange.answered, left]);
      if (head === 'left' || hasLeft) return { kind: 'hang-up', how: 'cut' };
      return {
        kind: 'relay',
        status: head.status,
        headers: responseHeaders(head.headers, upstream),
        schedule: exchange,
        live: true,
        content: contentOf(head.headers),
      };
    } catch (error) {
      if (!(error instanceof SseKitError)) throw error;
      throw new RequestError(error.code === 'CONNECT_TIMEOUT' ? 504 : 502, failureText(upstream, error));
    }
  };
}

async function connectionOptions({ url, cert, key, proxy }: UpstreamOptions): Promise<ConnectionOptions> {
  const tls = {
    insecure: false,
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  if (url.protocol === 'https:') {
    // Tells now what every request would fail with.
    const { contextFor } = await import('../../client/tls.ts');
    contextFor(tls);
  }
  return {
    http: 'auto',
    family: 0,
    resolve: [],
    connectTo: [],
    proxy: proxy ?? { noProxy: [] },
    tls,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
  };
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return basicAuthorization(`${decoded(username)}:${decoded(password)}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A % that begins no encoded character is meant as it is.
    return text;
  }
}

/** The client's own hints name flags of its own; the one that helps here is added. */
function failureText({ origin }: URL, error: SseKitError): string {
  const hint = error.exitCode === 60 ? ' (NODE_EXTRA_CA_CERTS=FILE adds a CA to trust)' : '';
  return `the upstream ${origin} gave no answer: ${error.message}${hint}`;
}
