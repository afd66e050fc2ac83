/**
 * Opens streams with Node's sockets alone, which read into one buffer, and holds them: `node bare-client-process.js URL
 * STREAMS ADDRESS…`. Plain JavaScript, as a loader would add to its time.
 */
import { connect } from 'node:net';

const [url, streams, ...addresses] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(url);
const buffer = Buffer.alloc(64 * 1024);
const request = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nAccept: text/event-stream\r\n\r\n`;

for (let index = 0; index < Number(streams); index += 1) {
  const socket = connect({
    host: hostname,
    port: Number(port),
    localAddress: addresses[index % addresses.length],
    onread: { buffer, callback: () => true },
  });
  socket.on('error', (error) => {
    throw error;
  });
  socket.write(request);
}
process.on('SIGTERM', () => process.exit());
