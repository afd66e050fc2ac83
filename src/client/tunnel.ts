import type { Duplex } from 'node:stream';
import { SseKitError } from './errors.ts';
import { codeOf } from './failures.ts';

/** A proxy's answer to CONNECT should be a few hundred bytes; one that never ends its headers is cut off here. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Asks a proxy for a tunnel by CONNECT (RFC 9110 §9.3.6), once, and keeps the status it answers. Bytes that
 * came behind the answer are put back on the socket.
 */
export function openTunnel(
  socket: Duplex,
  proxyName: string,
  target: string,
  authorization: string | undefined,
  done: (error?: SseKitError) => void,
): void {
  let received = Buffer.alloc(0);

  const finish = (error?: SseKitError) => {
    socket.off('readable', onReadable).off('end', onEnd).off('error', onError);
    done(error);
  };
  const onReadable = () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end !== -1)
        return answered(received.subarray(0, end).toString('latin1'), received.subarray(end + 4));
      if (received.length > MAX_ANSWER_BYTES) return finish(notHttp(proxyName, received));
    }
  };
  const answered = (head: string, rest: Buffer) => {
    const status = /^HTTP\/1\.[01] (\d{3})(?: (.*))?/.exec(head);
    if (status === null) return finish(notHttp(proxyName, Buffer.from(head, 'latin1')));
    const code = Number(status[1]);
    if (code < 200 || code > 299) return finish(refusal(proxyName, target, code, (status[2] ?? '').trim()));
    if (rest.length > 0) socket.unshift(rest);
    finish();
  };
  const onEnd = () => finish(hungUp(proxyName, target));
  const onError = (error: Error) => finish(hungUp(proxyName, target, error));

  socket.on('readable', onReadable).on('end', onEnd).on('error', onError);
  const credentials = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${credentials}\r\n`, 'latin1');
}

function refusal(proxyName: string, target: string, status: number, text: string): SseKitError {
  const hint =
    status === 407
      ? 'give user and password: -x http://USER:PASSWORD@HOST:PORT'
      : status === 403 || status === 405
        ? 'the proxy does not allow tunnels to this host or port'
        : 'the proxy could not, or would not, reach the server';
  return new SseKitError(
    status === 407 ? 'PROXY_AUTH_REQUIRED' : 'PROXY_REFUSED',
    7,
    `the proxy ${proxyName} answered ${status}${text === '' ? '' : ` ${text}`} to CONNECT ${target}`,
    { hint },
  );
}

function hungUp(proxyName: string, target: string, cause?: Error): SseKitError {
  return new SseKitError(
    'PROXY_HUNG_UP',
    7,
    `the proxy ${proxyName} ${codeOf(cause) === 'ECONNRESET' ? 'reset' : 'closed'} the connection after CONNECT ${target}`,
    { hint: 'is it a proxy, and does it allow this host and port?', cause },
  );
}

function notHttp(proxyName: string, received: Buffer): SseKitError {
  const start = JSON.stringify(received.subarray(0, 60).toString('latin1'));
  return new SseKitError('PROXY_NOT_HTTP', 7, `the proxy ${proxyName} answered CONNECT with ${start}`, {
    hint: 'this is no HTTP proxy; SOCKS proxies are not supported',
  });
}
