/** An Express application that hands everything on: `http-proxy-middleware-process.ts SETTINGS-FILE`. */
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { breakOff } from './on-error.ts';
import { readSettings } from './settings.ts';
import { streamOn } from './stream-on.ts';

const { port, target, proxyTimeout, streams } = readSettings();
const app = express();
app.use(
  createProxyMiddleware({
    target,
    ...(proxyTimeout !== undefined && { proxyTimeout }),
    ...(streams && { on: { proxyRes: streamOn, error: breakOff } }),
  }),
);
app.listen(port, '127.0.0.1');
