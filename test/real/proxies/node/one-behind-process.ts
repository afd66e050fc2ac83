/** A reverse proxy that hands each piece of an answer on when the next one comes: `one-behind-process.ts SETTINGS-FILE`. */
import { createServer, request } from 'node:http';
import { readSettings } from './settings.ts';

const { port, originPort } = readSettings();

createServer((incoming, answer) => {
  const { method, url, headers } = incoming;
  const asked = request({ host: '127.0.0.1', port: originPort, method, path: url, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    answer.flushHeaders();
    let held: Buffer | undefined;
    response.on('data', (piece: Buffer) => {
      if (held !== undefined) answer.write(held);
      held = piece;
    });
    response.once('end', () => answer.end(held));
    response.on('error', () => answer.destroy());
  });
  asked.on('error', () => answer.destroy());
  answer.once('close', () => asked.destroy());
  incoming.pipe(asked);
}).listen(port, '127.0.0.1');
