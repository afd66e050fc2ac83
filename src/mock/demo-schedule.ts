import type { NumberedEvent } from './numbered.ts';

interface Beat {
  afterMs: number;
  event?: string;
  data(n: number, nowMs: number): string;
}

/**
 * A small day in the life of an application, told again and again with changing details: about four events a
 * second, of every shape that a tail of a stream meets (JSON, plain text, several lines, a run of tokens).
 */
export function demoEvent(n: number): NumberedEvent {
  const beat = n === 1 ? CONNECTED : BEATS[(n - 2) % BEATS.length];
  const { afterMs, event, data } = beat ?? CONNECTED;
  return { afterMs, event: (nowMs) => ({ event, data: data(n, nowMs) }) };
}

const CONNECTED: Beat = {
  afterMs: 0,
  event: 'connected',
  data: (_, nowMs) => json({ clientId: 'demo-1', serverTime: new Date(nowMs).toISOString() }),
};

const SERVICES = ['checkout', 'search', 'billing', 'profile', 'mail'];
const USERS = ['user-17', 'user-23', 'user-42', 'user-58', 'user-61'];
const ANSWERS = [
  ['An ', 'event ', 'stream ', 'is ', 'plain ', 'text ', 'that ', "doesn't ", 'end', '.'],
  ['A ', 'blank ', 'line ', 'ends ', 'the ', 'event', ': ', 'off ', 'it ', 'goes 🚀'],
  ['Set ', 'an ', 'id', ', ', 'and ', 'the ', 'client ', 'can ', 'resume', '.'],
  ['Comments ', 'keep ', 'a ', 'quiet ', 'stream ', 'alive ', 'behind ', 'a ', 'proxy', '.'],
];

const notification = (type: string, title: string, body: (n: number) => string): Beat => ({
  afterMs: 280,
  event: 'notification',
  data: (n, nowMs) => json({ id: `n${n}`, type, title, body: body(n), timestamp: nowMs }),
});

const progress = (percent: number): Beat => ({
  afterMs: 320,
  event: 'progress',
  data: (n) => {
    const status = percent === 100 ? 'complete' : 'running';
    return json({ taskId: `build-${round(n) + 41}`, percent, status });
  },
});

const activity = (action: string): Beat => ({
  afterMs: 240,
  event: 'activity',
  data: (n, nowMs) =>
    json({ userId: pick(USERS, n), action, resource: `orders/${1000 + n}`, timestamp: nowMs }),
});

const token = (index: number): Beat => ({
  afterMs: index === 0 ? 420 : 80,
  event: 'ai:token',
  data: (n) => {
    const answer = pick(ANSWERS, round(n));
    return json({
      token: answer[index] ?? '',
      done: index === TOKENS - 1,
      messageId: `msg-${round(n) + 1}`,
    });
  },
});

const text: Beat = {
  afterMs: 300,
  data: (n) => {
    const service = pick(SERVICES, n);
    return `${service}: 3 replicas ready\n  cpu    ${20 + ((n * 7) % 60)} %\n  memory ${200 + ((n * 13) % 300)} MB`;
  },
};

/** One more than the longest answer: the last token is empty and says that the answer is done. */
const TOKENS = Math.max(...ANSWERS.map((answer) => answer.length)) + 1;

const BEATS: readonly Beat[] = [
  notification('info', 'Deployment started', (n) => `${pick(SERVICES, n)} is going out to 3 regions`),
  progress(12),
  activity('created'),
  text,
  ...Array.from({ length: TOKENS }, (_, index) => token(index)),
  progress(64),
  notification('warning', 'Slow query', (n) => `${pick(SERVICES, n)} took ${800 + ((n * 37) % 900)} ms`),
  activity('shipped'),
  progress(100),
];

/** How often the day has been told before event `n`. */
function round(n: number): number {
  return Math.floor((n - 2) / BEATS.length);
}

function pick<T>(list: readonly T[], n: number): T {
  const item = list[n % list.length];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

function json(value: unknown): string {
  return JSON.stringify(value);
}
