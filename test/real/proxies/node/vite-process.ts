/** Vite's development server, whose `server.proxy` hands everything on: `vite-process.ts SETTINGS-FILE`. */
import { createServer } from 'vite';
import { readSettings } from './settings.ts';
import { streamOn } from './stream-on.ts';

const { port, target, proxyTimeout, streams } = readSettings();
const server = await createServer({
  configFile: false,
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  server: {
    host: '127.0.0.1',
    port,
    strictPort: true,
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
await server.listen();
