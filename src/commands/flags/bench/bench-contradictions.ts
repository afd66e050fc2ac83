import type { Contradiction } from '../contradictions.ts';
import type { BenchFlags } from './bench-flags.ts';

const ofStreams = ({ stages }: BenchFlags) => stages?.of === 'streams';
const always = () => true;
const neverReconnects = ({ reconnect }: BenchFlags) => reconnect === 'none';

export const BENCH_CONTRADICTIONS: readonly Contradiction<BenchFlags>[] = [
  {
    keys: ['connections', 'stages'],
    applies: ofStreams,
    message: '-c: the stages say how many streams are open',
    hint: "Leave -c out; it caps stages of starts per second: '30s:100/s'.",
  },
  {
    keys: ['rate', 'stages'],
    applies: always,
    message: '-r: the stages say how streams come',
    hint: "Leave -r out; a rate is written into the stages: '30s:100/s,1m:1000/s'.",
  },
  {
    keys: ['for', 'stages'],
    applies: always,
    message: '--for: the stages say how long the run is',
    hint: 'Leave it out, or change a stage.',
  },
  {
    keys: ['rampUp', 'stages'],
    applies: always,
    message: '--ramp-up: the stages say how streams come',
    hint: 'Leave it out, and begin with a stage that rises: 30s:1000',
  },
  {
    keys: ['arrival', 'stages'],
    applies: ofStreams,
    message: '--arrival: it is about starts per second, and the stages are open streams',
    hint: "Write the stages as rates: '30s:100/s'.",
  },
  {
    keys: ['publish', 'sentAt'],
    applies: always,
    message: '--sent-at: what --publish sends has times of its own',
    hint: 'Leave one of them out.',
  },
  ...(
    [
      ['retryDelay', '--retry-delay'],
      ['retryMax', '--retry-max'],
      ['jitter', '--jitter'],
    ] as const
  ).map(([key, name]) => ({
    keys: ['reconnect', key] as const,
    applies: neverReconnects,
    message: `${name}: --reconnect none waits for nothing`,
    hint: 'Leave one of them out.',
  })),
  {
    keys: ['reconnect', 'dropAt'],
    applies: neverReconnects,
    message: '--drop-at: --reconnect none has no stream that is cut come back',
    hint: 'Leave one of them out; --cancel 50%@10s has streams leave for good.',
  },
];
