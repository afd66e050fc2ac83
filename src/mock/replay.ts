import { SseKitError } from '../client/errors.ts';
import { type RecordedConnection, Recording } from '../recording/recording.ts';
import { RecordingError } from '../recording/recording-error.ts';
import type { OpenRecord, RecordingRecord } from '../recording/records.ts';
import type { Answer, Handler } from './answer.ts';
import { replayedHead } from './replay/head.ts';
import { replaySchedule } from './replay/schedule.ts';
import { type MockRequest, RequestError } from './request.ts';

export interface ReplayOptions {
  /** How many times as fast as it was; Infinity waits for nothing. Default 1. */
  speed?: number;
}

export interface Replay {
  handler: Handler;
  /** Attempts in the recording. */
  connections: number;
  /** What its user should know of the recording, a sentence each. */
  notes: readonly string[];
}

/** Servers that answered later than this after the request are not waited for. */
const LONGEST_HEAD_DELAY_MS = 3_600_000;

/**
 * Serves a recording as it was: the status and the headers, each socket read as one write at its time, byte for byte,
 * and the ending. A client's N-th connection gets the recording's N-th; those after the last one get the last.
 *
 * What ended by the server ends in the same way (in order, cut, reset); what the recorder left while it ran ends in
 * order there; where the recorder gave up waiting, the stream stays silent until the client gives up too. An attempt
 * that got no connection is replayed as a connection that is reset.
 *
 * @throws SseKitError exit 2 for a file that is no recording
 */
export async function replayHandler(path: string, { speed = 1 }: ReplayOptions = {}): Promise<Replay> {
  const recording = await openRecording(path);
  const { connections } = recording;
  const handler: Handler = (request) => {
    const connection = connections[Math.min(request.connection, connections.length) - 1];
    if (connection === undefined) throw new Error('a recording has at least one connection');
    return answerOf(recording, connection, speed, request);
  };
  return { handler, connections: connections.length, notes: [...recording.notes, ...notesOn(connections)] };
}

async function openRecording(path: string): Promise<Recording> {
  try {
    return await Recording.open(path);
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    const { message, hint, code } = error;
    throw new SseKitError(code, 2, `--replay ${path}: ${message}`, { hint, cause: error });
  }
}

function notesOn(connections: readonly RecordedConnection[]): string[] {
  const decoded = connections.filter(({ chunks, blocks }) => chunks === 0 && blocks > 0).length;
  if (decoded === 0) return [];
  const which =
    decoded === connections.length
      ? 'the recording has'
      : `${decoded} of the ${connections.length} recorded connections have`;
  return [`${which} no chunk lines: the events are written anew, not byte for byte as they were`];
}

async function answerOf(
  recording: Recording,
  connection: RecordedConnection,
  speed: number,
  request: MockRequest,
): Promise<Answer> {
  const records = recording.records(connection);
  const leave = new AbortController();
  request.onLeave(() => leave.abort());
  const first = await firstOf(records);
  if (first === undefined || first.type === 'close') {
    // Whoever got no answer in time got it neither sooner nor later by asking again.
    if (first?.reason === 'idle') await aborted(leave.signal);
    return { kind: 'hang-up', how: first?.reason === 'protocol' ? 'cut' : 'reset' };
  }
  const open = first.type === 'open' ? first : undefined;
  const body = connection.chunks === 0 ? 'blocks' : 'chunks';
  await wait(headDelayMs(open) / speed, leave.signal);
  return {
    kind: 'relay',
    ...replayedHead(open, body),
    schedule: replaySchedule(records, first, { speed, framing: open?.framing, body }),
    live: false,
  };
}

/** The first record of the attempt itself, which is under way with it. */
async function firstOf(records: AsyncGenerator<RecordingRecord, void>) {
  try {
    for (let next = await records.next(); next.done !== true; next = await records.next()) {
      const { value } = next;
      if (value.type !== 'reconnect' && value.type !== 'other') return value;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    throw new RequestError(503, `the recording can't be read any more: ${error.message}`);
  }
}

/** How long the server took for its headers, once it was connected. */
function headDelayMs(open: OpenRecord | undefined): number {
  const { dns = 0, tcp = 0, tls = 0, headers = 0 } = open?.timing ?? {};
  return Math.min(Math.max(headers - Math.max(dns, tcp, tls), 0), LONGEST_HEAD_DELAY_MS);
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms < 1 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
