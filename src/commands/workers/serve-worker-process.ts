/** One of the processes of `serve-mock --workers`: serves what it is told, and ends with the one that started it. */
import { monotonicMs } from '../../client/clock.ts';
import { failureOf } from '../../client/error-transfer.ts';
import { SharedHub } from '../../mock/channels/shared/shared-hub.ts';
import { LineStreams, type LiveLines } from '../../mock/lines/line-streams.ts';
import { standStill } from '../../mock/stand-still.ts';
import type { ServeOptions } from '../serve-options.ts';
import { accessLog, createHub, type Serving, startServing } from '../serving.ts';
import type { FromWorker, ToWorker } from './messages.ts';

// Ctrl-C reaches every process of a terminal: the one that started this decides when to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// The channel closes however that one ends, a SIGKILL included.
process.on('disconnect', () => process.exit());
// Nobody is left to tell.
process.stderr.on('error', () => {});
if (!process.connected) process.exit();

const io = { stderr: process.stderr };
const lines = new LineStreams();
let hub: SharedHub | undefined;
let serving: Serving | undefined;

process.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'serve':
      serve(message.options, message.worker).catch((error) =>
        tell({ type: 'failed', failure: failureOf(error) }),
      );
      return;
    case 'hub':
      hub?.receive(message.message);
      return;
    case 'freeze':
      standStill(message.untilMs - monotonicMs());
      return;
    case 'lines-over':
      lines.end(message.lastId);
      return;
    case 'end':
      void end();
  }
});

async function serve(options: ServeOptions, worker: number): Promise<void> {
  const { buffer, redis } = options;
  // Before anything is waited for, as events may come from now on.
  const shared = new SharedHub(
    (message) => tell({ type: 'hub', message }),
    buffer === undefined ? {} : { buffer },
  );
  hub = shared;
  const log = await accessLog(options, io);
  serving = await startServing(options, {
    io,
    log,
    hub: redis === undefined ? shared : await createHub(options, log),
    liveLines,
    worker,
    freeze,
  });
  const { url, port, seed, notes } = serving;
  if (log !== undefined) log.label = `:${port}`;
  tell({ type: 'ready', url, seed, notes });
}

/** Those that the first process reads, once there is a stream for them. */
function liveLines(): LiveLines {
  let wanted = false;
  const opened = () => {
    if (!wanted) tell({ type: 'lines-wanted' });
    wanted = true;
  };
  return { handler: lines.handler, observer: { opened }, stop() {} };
}

/** The others first: nothing leaves here while this one stands still. */
function freeze(ms: number): void {
  tell({ type: 'freeze', untilMs: monotonicMs() + ms });
  standStill(ms);
}

async function end(): Promise<void> {
  await serving?.close();
  process.stderr.write('', () => process.exit());
}

function tell(message: FromWorker): void {
  // The one that started this may have just gone: 'disconnect' follows and ends this.
  process.send?.(message, () => {});
}
