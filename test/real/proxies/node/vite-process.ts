/** Vite's development server, whose `server.proxy` hands everything on: `vite-process.ts SETTINGS-FILE`. */
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'vite';
import { readSettings } from './settings.ts';
import { streamOn } from './stream-on.ts';

const { port, target, proxyTimeout, streams } = readSettings();
const { middlewares } = await createServer({
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
  server: {
    // By itself it first listens for a moment to see whether the port is free, and seems to be there then.
    middlewareMode: true,
    // Nothing changes here, and no page is loaded.
    watch: null,
    ws: false,
    proxy: {
      '/': {
        target,
        ...(proxyTimeout !== undefined && { proxyTimeout }),
        ...(streams && { configure: (proxy) => proxy.on('proxyRes', streamOn) }),
      },
    },
  },
});
createHttpServer(middlewares).listen(port, '127.0.0.1');
