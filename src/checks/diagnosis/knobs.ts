import type { FaultId } from '../faults/fault.ts';
import type { RunSeen } from './run-seen.ts';

/** Which of two things that look alike hold events back. Nothing where the run can't tell. */
export interface Knobs {
  /** Events are held whether they are compressed or not. */
  buffering?: boolean;
  /** Events are held by whoever compresses. */
  compression?: boolean;
}

const BUFFERING: readonly FaultId[] = [
  'buffer.until-end',
  'buffer.threshold',
  'buffer.timer',
  'buffer.one-behind',
];

/**
 * Tells buffering from compression, also where both are at work. Which of those who buffer or compress it is, the signs of
 * the causes tell: `X-Accel-Buffering: no` and `Cache-Control: no-transform` each make some of them let go.
 *
 * | no encoding asked for | with an encoding           | so                                             |
 * | --------------------- | -------------------------- | ---------------------------------------------- |
 * | runs                  | runs                       | neither                                        |
 * | runs                  | held                       | compression                                    |
 * | held                  | held longer                | both                                           |
 * | held                  | held as long               | buffering; compression may hide behind it      |
 */
export function knobsOf(run: RunSeen): Knobs {
  const plainHeld = anyFault(run, BUFFERING);
  const codedHeld = run.hasFault('compression.holds-events');
  // Where everything is held there is no telling what else would hold it.
  const compression = codedHeld === false && plainHeld !== false ? undefined : codedHeld;
  return {
    ...(plainHeld === undefined ? {} : { buffering: plainHeld }),
    ...(compression === undefined ? {} : { compression }),
  };
}

/**
 * Causes of that fault are excluded: events are held by the other thing. Where events are held without compression, a
 * compressor may hide behind: it is told to be none where nobody compresses when asked to.
 */
export function rivalOf(fault: FaultId, run: RunSeen): FaultId | undefined {
  if (fault === 'compression.holds-events') {
    return knobsOf(run).buffering === false ? 'buffer.until-end' : undefined;
  }
  if (!isHolding(fault)) return undefined;
  const nobody = run.is({ probe: 'encoding', figure: 'appliedEncodings', is: 'none' });
  return nobody ? 'compression.holds-events' : undefined;
}

/** Events are what it holds. */
export function isHolding(fault: FaultId): boolean {
  return BUFFERING.includes(fault);
}

function anyFault(run: RunSeen, faults: readonly FaultId[]): boolean | undefined {
  const looked = faults.map((fault) => run.hasFault(fault)).filter((found) => found !== undefined);
  return looked.length === 0 ? undefined : looked.includes(true);
}
