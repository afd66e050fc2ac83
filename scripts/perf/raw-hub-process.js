/**
 * What one would write by hand with Node alone to send an event to thousands of streams, without a care for slow
 * readers, resume or anything else: the bytes are framed once and go to each socket. Plain JavaScript, as a loader
 * would add to its memory.
 */
import { createServer } from 'node:http';

const streams = new Set();
let lastId = 0;

function open(response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  response.flushHeaders();
  const { socket } = response;
  streams.add(socket);
  response.once('close', () => streams.delete(socket));
}

function publish(data) {
  lastId += 1;
  const event = `id: ${lastId}\ndata: ${data}\n\n`;
  const frame = Buffer.from(`${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`);
  for (const socket of streams) socket.write(frame);
}

const server = createServer((request, response) => {
  if (request.method !== 'POST') {
    open(response);
    return;
  }
  let body = '';
  request.setEncoding('utf8').on('data', (part) => {
    body += part;
  });
  request.once('end', () => {
    publish(body);
    response.end('{}\n');
  });
});
server.requestTimeout = 0;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.send({ url: `http://127.0.0.1:${server.address().port}/` });
});
process.once('disconnect', () => process.exit());
