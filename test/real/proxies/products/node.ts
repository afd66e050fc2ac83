import { fileURLToPath } from 'node:url';
import { compileOwn } from '../../../../scripts/compile-tests.ts';
import type { NodeSettings } from '../node/settings.ts';
import type { ProxyConfig, ProxyProduct } from '../proxy-product.ts';

type Settings = Omit<NodeSettings, 'port' | 'originPort'>;

const STREAMS = { streams: true } as const;

/** Beside the proxies of npm one of ours, which stands in for the others where it is named instead. */
const FILES = [
  'http-proxy-process.ts',
  'http-proxy-3-process.ts',
  'http-proxy-middleware-process.ts',
  'vite-process.ts',
  'compression-process.ts',
  'one-behind-process.ts',
] as const;
const programs = await compileOwn(
  FILES.map((file) => fileURLToPath(new URL(`../node/${file}`, import.meta.url))),
);

export const httpProxy: ProxyProduct = {
  name: 'http-proxy',
  ...processOf('http-proxy-process.ts'),
  configs: {
    default: settings({}),
    fixed: settings(STREAMS),
    impatient: settings({ ...STREAMS, proxyTimeout: 2_000 }),
  },
};

export const httpProxy3: ProxyProduct = {
  name: 'http-proxy-3',
  ...processOf('http-proxy-3-process.ts'),
  configs: {
    default: settings({}),
    fixed: settings(STREAMS),
    impatient: settings({ ...STREAMS, proxyTimeout: 2_000 }),
  },
};

export const httpProxyMiddleware: ProxyProduct = {
  name: 'http-proxy-middleware',
  ...processOf('http-proxy-middleware-process.ts'),
  configs: {
    default: settings({}),
    fixed: settings(STREAMS),
    impatient: settings({ ...STREAMS, proxyTimeout: 2_000 }),
  },
};

export const vite: ProxyProduct = {
  name: 'Vite',
  ...processOf('vite-process.ts'),
  configs: {
    default: settings({}),
    fixed: settings(STREAMS),
    impatient: settings({ ...STREAMS, proxyTimeout: 2_000 }),
  },
};

export const compression: ProxyProduct = {
  name: 'compression before http-proxy-3',
  ...processOf('compression-process.ts'),
  configs: {
    default: settings({}),
    'sparing streams': settings({ sparesStreams: true }),
    fixed: settings({ ...STREAMS, sparesStreams: true }),
  },
};

/** A program of ours, in the file of that name. */
function processOf(file: (typeof FILES)[number]): Pick<ProxyProduct, 'program' | 'args'> {
  const program = programs[FILES.indexOf(file)] ?? '';
  return { program: 'node', args: ({ configPath }) => [program, configPath] };
}

function settings(own: Settings): ProxyConfig {
  return {
    // None of them holds plain events back.
    delivers: 'at once',
    text: ({ port, originPort }) => JSON.stringify({ port, originPort, ...own }),
  };
}
