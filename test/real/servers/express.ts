/** An event stream as an Express application writes it: `express.ts PORT`. */
import express from 'express';

const app = express();

app.get('/events', (request, response) => {
  let n = Number(request.get('Last-Event-ID') ?? 0);
  const last = Number(request.query.until ?? Number.POSITIVE_INFINITY);
  response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  response.flushHeaders();
  response.write('retry: 100\n\n');
  const timer = setInterval(() => {
    n += 1;
    response.write(`id: ${n}\nevent: tick\ndata: ${JSON.stringify({ n, from: 'express' })}\n\n`);
    if (n >= last) response.end();
  }, 20);
  response.on('close', () => clearInterval(timer));
});

const server = app.listen(Number(process.argv[2]), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`http://127.0.0.1:${address?.port}/events`);
});
