import { inTurn, type PayloadGenerator } from './payload.ts';

export interface Progress {
  taskId: string;
  /** 0 to 100; never falls within a task. */
  percent: number;
  status: 'pending' | 'running' | 'complete' | 'failed';
  message?: string;
}

type Stage = Omit<Progress, 'taskId'>;

const pending: Stage = { percent: 0, status: 'pending', message: 'Waiting for a worker' };
const complete: Stage = { percent: 100, status: 'complete' };
const running = (percent: number, message?: string): Stage => ({
  percent,
  status: 'running',
  ...(message === undefined ? {} : { message }),
});

/** What tasks go through; every third one fails. */
const TASKS: readonly [readonly Stage[], ...(readonly Stage[])[]] = [
  [
    pending,
    running(4, 'Fetching sources'),
    running(17),
    running(31, 'Compiling'),
    running(48),
    running(66),
    running(82, 'Running tests'),
    running(95, 'Uploading'),
    complete,
  ],
  [pending, running(12, 'Reading 3 files'), running(38), running(71), running(93), complete],
  [
    pending,
    running(9, 'Resizing images'),
    running(26),
    running(43),
    { percent: 43, status: 'failed', message: 'No space left on device' },
  ],
];

/** One task after the other, each from `pending` to `complete` or `failed`. */
export const progress: PayloadGenerator<Progress> = (n) => {
  const { item, index, turn } = inTurn(n, TASKS);
  return { taskId: `task-${turn + 1}`, ...(item[index] ?? complete) };
};
