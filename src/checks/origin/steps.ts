import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Exchange } from '../../mock/http/incoming.ts';
import { sleep } from '../sleep.ts';
import type { OriginStep, TaggedEvent } from './script.ts';
import type { Visit } from './visit.ts';
import type { VisitLog } from './visit-log.ts';

/** What the steps of a script work on. */
export interface Stage {
  exchange: Exchange;
  visit: Visit;
  log: VisitLog;
  /** Aborted when the other side has left. */
  left: AbortSignal;
}

export type Ending = 'whole' | 'fin' | 'reset';

const COMMENT = ': \n\n';
const FLOOD_BLOCK_BYTES = 64 * 1024;

/** Follows the steps until they end, or the other side has left. */
export async function followSteps(steps: readonly OriginStep[], stage: Stage): Promise<Ending> {
  for (const step of steps) {
    if (stage.left.aborted) break;
    if (step.do === 'end') return step.how;
    await follow(step, stage);
  }
  return 'whole';
}

async function follow(step: Exclude<OriginStep, { do: 'end' }>, stage: Stage): Promise<void> {
  const { left } = stage;
  switch (step.do) {
    case 'wait':
      return sleep(Math.max(0, step.ms - (step.from === undefined ? 0 : sinceFirstMs(stage))), left);
    case 'events':
      return repeat(step.count, step.everyMs, stage, (n) =>
        write(stage, eventText({ uid: stage.visit.uid, n, sentAt: stage.log.now() }, step)),
      );
    case 'comments':
      return comments(step, stage);
    case 'bytes':
      return write(stage, repeated(Buffer.from(step.base64, 'base64'), step.times ?? 1));
    case 'echo':
      return write(stage, `event: echo\ndata: ${JSON.stringify(stage.visit.request)}\n\n`);
    case 'request body':
      if (!stage.exchange.request.readableEnded) await once(stage.exchange.request, 'end', { signal: left });
      return;
    case 'flood':
      return flood(step.mostBytes, stage);
    case 'hold':
      if (!left.aborted)
        await new Promise((resolve) => left.addEventListener('abort', resolve, { once: true }));
  }
}

/** How long ago the first request of the measurement came. */
function sinceFirstMs({ visit, log }: Stage): number {
  const [first = visit] = log.of(visit.key);
  return log.now() - first.atMs;
}

/** Each due so long after the one before was; the first at once. */
async function repeat(
  count: number,
  everyMs: number,
  { left, log }: Stage,
  act: (n: number) => Promise<void>,
): Promise<void> {
  const startMs = log.now();
  for (let n = 1; n <= count && !left.aborted; n += 1) {
    const waitMs = startMs + (n - 1) * everyMs - log.now();
    if (waitMs > 0) await sleep(waitMs, left);
    if (!left.aborted) await act(n);
  }
  // The last one, too, has its time.
  await sleep(Math.max(0, startMs + count * everyMs - log.now()), left);
}

async function comments({ everyMs, forMs }: { everyMs: number; forMs: number }, stage: Stage): Promise<void> {
  const endMs = stage.log.now() + forMs;
  await repeat(Math.floor(forMs / everyMs), everyMs, stage, () => write(stage, COMMENT));
  // What is left of the time is no whole period.
  await sleep(Math.max(0, endMs - stage.log.now()), stage.left);
}

function eventText(
  tagged: TaggedEvent,
  { sizeBytes, fill }: { sizeBytes: number; fill: 'text' | 'random' },
): string {
  const frame = (event: TaggedEvent) => `id: ${event.n}\ndata: ${JSON.stringify(event)}\n\n`;
  const missing = sizeBytes - frame({ ...tagged, pad: '' }).length;
  if (missing <= 0) return frame(tagged);
  return frame({ ...tagged, pad: fill === 'text' ? '.'.repeat(missing) : randomText(missing) });
}

function repeated(bytes: Buffer, times: number): Buffer {
  return Buffer.alloc(bytes.length * times, bytes);
}

/** What no compression makes much smaller. */
function randomText(length: number): string {
  return randomBytes(Math.ceil((length * 3) / 4))
    .toString('base64url')
    .slice(0, length);
}

/** Resolves when the connection takes more. */
async function write({ exchange, visit, left }: Stage, bytes: string | Uint8Array): Promise<void> {
  const { response } = exchange;
  // The types of the two HTTP versions have no `write` in common.
  const more = (response.write as (chunk: string | Uint8Array) => boolean).call(response, bytes);
  if (!more && !left.aborted) await drained(response, left);
  // What waits in this process hasn't been taken.
  if (!left.aborted) visit.bytesTaken += typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length;
}

async function drained(response: Exchange['response'], left: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal: left });
  } catch (error) {
    // It is gone, which the next step sees.
    if (!left.aborted) throw error;
  }
}

async function flood(mostBytes: number, stage: Stage): Promise<void> {
  const line = `data: ${'.'.repeat(FLOOD_BLOCK_BYTES - 8)}\n\n`;
  for (let sent = 0; sent < mostBytes && !stage.left.aborted; sent += line.length) await write(stage, line);
}
