import { SseKitError } from '../../client/errors.ts';
import { Sequencer } from '../../mock/channels/shared/sequencer.ts';
import type { AccessLog } from '../../report/access-log.ts';
import type { CommandIo } from '../io.ts';
import { announce } from '../serve-announcement.ts';
import type { ServeOptions } from '../serve-options.ts';
import { accessLog } from '../serving.ts';
import { isTerminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';
import type { FromWorker } from './messages.ts';
import { exitText, type Ready, Worker, type WorkerExit } from './worker.ts';

/**
 * Serves the same in several processes, each at a port of its own, until it is told to end. What is published on one
 * goes to the streams of all: through here, where it gets its place in one order, or through Redis.
 *
 * @returns the exit code
 * @throws SseKitError for what can't be served; exit 1 where a worker is lost
 */
export async function startWorkers(options: ServeOptions, io: CommandIo): Promise<number> {
  const log = await accessLog(options, io);
  // Each worker may wait for it to drain.
  io.stderr.setMaxListeners(0);
  const workers = Array.from({ length: options.workers }, (_, index) => new Worker(index + 1, io.stderr));
  try {
    await connect(workers, options, { io, log });
    const ready = await allReady(workers, options, io);
    const stopped = untilStopped();
    const urls = workers.map(({ url }) => url);
    announce(urls, ready, options, io);
    const ended = await Promise.race([stopped, lossOf(workers)]);
    await endAll(workers, log);
    if (ended instanceof SseKitError) throw ended;
    return ended;
  } finally {
    for (const worker of workers) worker.kill();
    log?.close();
  }
}

/** Passes on what concerns all of them. */
async function connect(
  workers: readonly Worker[],
  { source }: ServeOptions,
  { io, log }: { io: CommandIo; log: AccessLog | undefined },
): Promise<void> {
  const sequencer = new Sequencer();
  const readsLines = source.kind === 'lines' && source.path === '-';
  const lines = readsLines ? await publishLines(workers, { io, log, sequencer }) : undefined;
  for (const worker of workers) {
    const member = sequencer.join((message) => worker.tell({ type: 'hub', message }));
    const others = workers.filter((each) => each !== worker);
    worker.onMessage = (message: FromWorker) => {
      if (message.type === 'hub') member.receive(message.message);
      else if (message.type === 'lines-wanted') lines?.begin();
      else if (message.type === 'freeze') for (const other of others) other.tell(message);
    };
  }
}

async function publishLines(
  workers: readonly Worker[],
  { io, log, sequencer }: { io: CommandIo; log: AccessLog | undefined; sequencer: Sequencer },
) {
  const { LinePublisher } = await import('../../mock/lines/publisher.ts');
  const lines = new LinePublisher(io.stdin, {
    hub: sequencer,
    warn: (message) => log?.warned(message),
  });
  void lines.ended.then(() => {
    for (const worker of workers) worker.tell({ type: 'lines-over', lastId: lines.lastId });
  });
  return lines;
}

/** Resolves when all of them serve, with what the first one says: they serve the same. */
async function allReady(
  workers: readonly Worker[],
  options: ServeOptions,
  { stderr }: CommandIo,
): Promise<Ready> {
  const { config } = options;
  // Their own output is a pipe to here.
  const color = options.color === 'auto' ? (isTerminal(stderr) ? 'always' : 'never') : options.color;
  const serve = (worker: Worker) => {
    const port = config.port === 0 ? 0 : config.port + worker.number - 1;
    return worker.serve({ ...options, color, config: { ...config, port } });
  };
  try {
    const [first] = await Promise.all(workers.map(serve));
    if (first === undefined) throw new Error('there is no worker');
    return first;
  } catch (error) {
    throw error instanceof SseKitError && error.code === 'EADDRINUSE' ? portTaken(error, options) : error;
  }
}

function portTaken(error: SseKitError, { config: { port }, workers }: ServeOptions): SseKitError {
  const { code, exitCode, message } = error;
  return new SseKitError(code, exitCode, message, {
    hint: `--workers ${workers} takes the ports ${port} to ${port + workers - 1}: choose others with --port, or let each be chosen with --port 0.`,
    cause: error,
  });
}

/** Resolves when one of them has gone that nobody ended. */
function lossOf(workers: readonly Worker[]): Promise<SseKitError> {
  return Promise.race(workers.map(async (worker) => lost(worker, await worker.exited)));
}

function lost({ number, url }: Worker, exit: WorkerExit): SseKitError {
  const message = `worker ${number} (${url}) ${exitText(exit)}: its streams are lost, and those of the others were ended`;
  const hint =
    exit.signal === 'SIGKILL'
      ? 'If nobody killed it, the machine was short of memory: dmesg tells.'
      : 'What it said last is above.';
  return new SseKitError('WORKER_LOST', 1, message, { hint });
}

async function endAll(workers: readonly Worker[], log: AccessLog | undefined): Promise<void> {
  await Promise.all(
    workers.map(async (worker) => {
      const forced = await worker.end();
      if (forced) log?.warned(`worker ${worker.number} did not end by itself, and was killed`);
    }),
  );
}
