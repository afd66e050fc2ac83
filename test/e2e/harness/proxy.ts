import { createServer, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { listen } from './listening.ts';

export interface ProxyOptions {
  /** `user:password` that it demands; without it 407. */
  credentials?: string;
  /** What CONNECT gets: a tunnel, nothing but a closed connection, or this status. */
  connect?: 'tunnel' | 'hang-up' | number;
}

interface SeenByProxy {
  method: string;
  /** `host:port` of a CONNECT, or the absolute URL. */
  target: string;
  headers: IncomingMessage['headers'];
}

export interface Proxy {
  readonly url: string;
  readonly seen: readonly SeenByProxy[];
  close(): Promise<void>;
}

/** A forward proxy on 127.0.0.1 that writes down what it was asked. */
export async function httpProxy(test: TestContext, options: ProxyOptions = {}): Promise<Proxy> {
  const seen: SeenByProxy[] = [];
  const wanted = `Basic ${Buffer.from(options.credentials ?? '').toString('base64')}`;
  const note = ({ method = '', url = '', headers }: IncomingMessage) => {
    seen.push({ method, target: url, headers });
    return options.credentials === undefined || headers['proxy-authorization'] === wanted;
  };

  const server = createServer((incoming, response) => {
    if (!note(incoming)) {
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="test"' }).end();
      return;
    }
    const { 'proxy-authorization': _, ...headers } = incoming.headers;
    const onward = request(
      incoming.url ?? '',
      { method: incoming.method, headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });

  server.on('connect', (incoming: IncomingMessage, client: Socket, first: Buffer) => {
    const how = note(incoming) ? (options.connect ?? 'tunnel') : 407;
    if (how === 'hang-up') {
      client.end();
      return;
    }
    if (how !== 'tunnel') {
      const challenge = how === 407 ? 'Proxy-Authenticate: Basic realm="test"\r\n' : '';
      client.end(`HTTP/1.1 ${how} No\r\n${challenge}Content-Length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${incoming.url}`);
    const target = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(first);
      target.pipe(client).pipe(target);
    });
    target.on('error', () => client.destroy());
    client.on('error', () => target.destroy()).on('close', () => target.destroy());
  });

  const { port, close } = await listen(test, server);
  return { url: `http://127.0.0.1:${port}`, seen, close };
}
