/** An Express application that compresses what http-proxy-3 brings: `compression-process.ts SETTINGS-FILE`. */
import compression from 'compression';
import express from 'express';
import { createProxyServer } from 'http-proxy-3';
import { apologise, breakOff } from './on-error.ts';
import { readSettings } from './settings.ts';
import { streamOn } from './stream-on.ts';

const { port, target, streams, sparesStreams } = readSettings();
const proxy = createProxyServer({ target });
proxy.on('error', streams ? breakOff : apologise);
if (streams) proxy.on('proxyRes', streamOn);

const spare: compression.CompressionFilter = (request, response) =>
  !String(response.getHeader('Content-Type')).startsWith('text/event-stream') &&
  compression.filter(request, response);

const app = express();
app.use(compression(sparesStreams && { filter: spare }));
app.use((request, response) => proxy.web(request, response));
app.listen(port, '127.0.0.1');
