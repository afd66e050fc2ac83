/** A reverse proxy as the documentation of http-proxy 1.18 begins: `http-proxy-process.ts SETTINGS-FILE`. */
import { createServer } from 'node:http';
import httpProxy from 'http-proxy';
import { apologise, breakOff } from './on-error.ts';
import { readSettings } from './settings.ts';
import { streamOn } from './stream-on.ts';

const { port, target, proxyTimeout, streams } = readSettings();
const proxy = httpProxy.createProxyServer({ target, ...(proxyTimeout !== undefined && { proxyTimeout }) });
proxy.on('error', streams ? breakOff : apologise);
if (streams) {
  proxy.on('proxyRes', streamOn);
  // It waits for an event of the request, which no longer comes.
  proxy.on('proxyReq', (proxyReq, _request, response) => response.on('close', () => proxyReq.destroy()));
}
createServer((request, response) => proxy.web(request, response)).listen(port, '127.0.0.1');
