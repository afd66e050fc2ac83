import type { Measured } from '../../../results/check/result.ts';
import { burstsOf, type ModalSize, modalSize, unitSize } from '../../lateness/bursts.ts';
import { HiddenByFault, NotMeasurable } from '../../not-measurable.ts';
import type { Observation } from '../../observation/observation.ts';
import { NEEDS_DIRECT, NEEDS_ORIGIN, type PassiveProbe, WHOSE } from '../passive-probe.ts';
import { orLonger, type WaySeen } from '../stream-seen.ts';

/** What buffers have as a size. */
const BUFFERS_BYTES = [4_096, 8_192, 16_384, 32_768, 65_536];
const MOST_ALIKE = 0.8;
const FEWEST_BURSTS = 3;
const MOST_SHOWN = 20;

interface Pieces {
  sizesBytes: readonly number[];
  bytes: number;
  /** Of an event, on average. */
  eventBytes: number;
  framing: string;
  modal?: ModalSize;
  /** Every piece ends with an event, all of one size: so many of them make up the usual piece, which may be written so. */
  wholeEvents?: number;
}

export const threshold: PassiveProbe = {
  id: 'threshold',
  title: 'events do not come in pieces of the size of a buffer',
  requirement: `Events do not come ${BUFFERS_BYTES.join(', ')} bytes at a time, nor in pieces of any one size that they don't have directly.`,
  judge({ proxied, direct }) {
    const all = piecesOf(proxied);
    const straight = direct === undefined ? [] : piecesOf(direct);
    // The better of those that were looked at.
    const [best] = [...all].sort((one, other) => Number(isAlike(one)) - Number(isAlike(other)));
    if (best === undefined || best.sizesBytes.length <= FEWEST_BURSTS) {
      if (straight.some(({ sizesBytes }) => sizesBytes.length > FEWEST_BURSTS))
        throw new HiddenByFault('too little came to see in which pieces it comes, and enough directly');
      throw new NotMeasurable(
        `too little came to see in which pieces it comes: ${NEEDS_ORIGIN}${orLonger(proxied)}`,
      );
    }
    const { modal, bytes, sizesBytes } = best;
    const figures = {
      direct: straight[0] === undefined ? {} : measured(straight[0]),
      proxied: measured(best),
      runs: all.length,
    };
    const known = BUFFERS_BYTES.includes(modal?.bytes ?? 0);
    const telling = known || (direct !== undefined && !straight.some((each) => isWhole(best, each)));
    const alike = isAlike(best) && telling && !straight.some(isAlike);
    if (modal !== undefined && alike && direct === undefined && best.wholeEvents !== undefined) {
      throw new NotMeasurable(
        `events came ${modal.bytes} bytes at a time, ${best.wholeEvents} whole ones of ${modal.bytes / best.wholeEvents} bytes: the application may write them so, or a buffer have room for as many: ${NEEDS_DIRECT}`,
      );
    }
    if (modal !== undefined && alike) {
      return {
        ...figures,
        status: 'fail',
        fault: 'buffer.threshold',
        summary: `events came ${modal.bytes} bytes at a time (${modal.n} of ${modal.of} pieces): they wait until so many are there${direct === undefined ? `, held ${WHOSE}` : ''}`,
        evidence: [{ k: 'modalBurstBytes', v: modal.bytes, n: modal.n, of: modal.of }],
      };
    }
    const also = isAlike(best) && straight.some(isAlike) ? ', as they do directly' : '';
    return {
      ...figures,
      status: 'pass',
      summary: `${bytes} bytes came in ${sizesBytes.length} pieces${isAlike(best) ? ` of ${modal?.bytes} bytes${also}` : ', which have no size in common but an event’s'}`,
      evidence: [],
    };
  },
};

function piecesOf({ plain, again }: WaySeen): Pieces[] {
  return [plain, again].flatMap((seen) =>
    seen === undefined || seen.events.length === 0 ? [] : [piecesIn(seen)],
  );
}

function piecesIn({ reads, events, head }: Observation): Pieces {
  const bursts = burstsOf(reads);
  const bytes = reads.reduce((sum, each) => sum + each.bytes, 0);
  // The first piece shares a buffer with the head, or is what was there before.
  const usual = modalSize(bursts.slice(1));
  const eventBytes = bytes / events.length;
  const modal =
    usual !== undefined && isOneSize(usual, eventBytes) ? usual : (unitSize(bursts, eventBytes) ?? usual);
  const sizesBytes = bursts.map((each) => each.bytes);
  const wholeEvents = modal && wholeEventsIn(modal.bytes, { sizesBytes, eventBytes, events });
  return {
    ...{ sizesBytes, bytes, eventBytes },
    framing: head?.framing ?? 'none',
    ...(modal !== undefined && { modal }),
    ...(wholeEvents !== undefined && { wholeEvents }),
  };
}

/** @returns nothing where a piece ends within an event, or events differ in size */
function wholeEventsIn(
  modalBytes: number,
  { sizesBytes, eventBytes, events }: Pick<Pieces, 'sizesBytes' | 'eventBytes'> & Pick<Observation, 'events'>,
): number | undefined {
  const count = Math.round(modalBytes / eventBytes);
  const sizeBytes = modalBytes / count;
  const sizes = new Set(events.map(({ data }) => Buffer.byteLength(data)));
  if (count < 2 || sizes.size > 1 || !Number.isInteger(sizeBytes)) return undefined;
  // The first may have the head in its buffer, which leaves less room; the last is where nobody looked on.
  const areWhole = sizesBytes.slice(0, -1).every((bytes) => bytes % sizeBytes === 0);
  return areWhole ? count : undefined;
}

/** Most have one size, and it is not an event's. */
function isAlike({ modal, eventBytes }: Pieces): boolean {
  return modal !== undefined && isOneSize(modal, eventBytes);
}

function isOneSize({ bytes, n, of }: ModalSize, eventBytes: number): boolean {
  return of >= FEWEST_BURSTS && bytes > 1.5 * eventBytes && n >= MOST_ALIKE * of;
}

/** Of so many whole events, where they all have one size: as many may come together by a timer. */
function isWhole({ modal }: Pieces, { modal: event }: Pieces): boolean {
  if (modal === undefined || event === undefined || event.n < MOST_ALIKE * event.of) return false;
  return modal.bytes % event.bytes === 0;
}

function measured({ sizesBytes, bytes, framing, modal }: Pieces): Measured {
  return {
    bytes,
    bursts: sizesBytes.length,
    modalBurstBytes: modal?.bytes ?? null,
    framing,
    burstsBytes: sizesBytes.slice(0, MOST_SHOWN),
  };
}
