/** A reverse proxy as the documentation of http-proxy-3 begins: `http-proxy-3-process.ts SETTINGS-FILE`. */
import { createServer } from 'node:http';
import { createProxyServer } from 'http-proxy-3';
import { apologise, breakOff } from './on-error.ts';
import { readSettings } from './settings.ts';
import { streamOn } from './stream-on.ts';

const { port, target, proxyTimeout, streams } = readSettings();
const proxy = createProxyServer({ target, ...(proxyTimeout !== undefined && { proxyTimeout }) });
proxy.on('error', streams ? breakOff : apologise);
if (streams) proxy.on('proxyRes', streamOn);
createServer((request, response) => proxy.web(request, response)).listen(port, '127.0.0.1');
