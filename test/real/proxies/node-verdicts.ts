import type { Verdict } from './verdicts.ts';

/** All that need nothing of the proxy but HTTP/1.1; `idle` with silences of seconds. */
const ALL = [
  'timing',
  'headers-first',
  'threshold',
  'encoding',
  'type-method',
  'xab',
  'idle',
  'client-gone',
  'truncation',
  'share',
  'retry',
  'bytes',
  'request',
  'status',
  'post',
  'slow-client',
  'capacity',
  '1xx',
];

const fixed: Verdict = { faults: {}, passes: ALL };
const impatient: Verdict = { faults: { idle: 'idle.cut' }, passes: ['headers-first', 'truncation'] };

/** Of what npm packages, as `VERDICTS` are. */
export const NODE_VERDICTS: Readonly<Record<string, Readonly<Record<string, Verdict>>>> = {
  'http-proxy': {
    default: found({
      'headers-first': 'buffer.headers',
      'client-gone': 'client-gone.unnoticed',
      truncation: 'truncation.masked',
    }),
    fixed,
    impatient,
  },
  'http-proxy-3': {
    default: found({ 'headers-first': 'buffer.headers', truncation: 'truncation.masked' }),
    fixed,
    impatient,
  },
  'http-proxy-middleware': {
    default: found({ 'headers-first': 'buffer.headers', truncation: 'truncation.masked' }),
    fixed,
    impatient,
  },
  Vite: {
    default: found({ 'headers-first': 'buffer.headers', truncation: 'truncation.hangs' }),
    fixed,
    impatient,
  },
  'compression before http-proxy-3': {
    default: found({
      'headers-first': 'buffer.headers',
      truncation: 'truncation.masked',
      encoding: 'compression.holds-events',
    }),
    'sparing streams': { faults: { 'headers-first': 'buffer.headers' }, passes: ['encoding'] },
    fixed,
  },
};

/** These, and nothing else. */
function found(faults: Verdict['faults']): Verdict {
  return { faults, passes: ALL.filter((probe) => !(probe in faults)) };
}
