import type { Evidence } from '../../stats/sequence-tally.ts';
import type { DeliverySnapshot, SenderClock } from './delivery.ts';
import type { PartlyDelivered, SendLog } from './delivery-owed.ts';
import type { PublishFigures } from './publish.ts';

/** Irregularities in words: `stream 17: 204-206 missing after 203`. */
export function examplesOf(evidence: readonly Evidence[]): string[] {
  return evidence.map(({ kind, stream, from, to, after }) => {
    const numbers = from === to ? String(from) : `${from}-${to}`;
    return `stream ${stream}: ${WORDS[kind](numbers, after)}`;
  });
}

const WORDS: Record<Evidence['kind'], (numbers: string, after: number) => string> = {
  missing: (numbers, after) => `${numbers} missing after ${after}`,
  duplicated: (numbers, after) => `${numbers} again after ${after}`,
  out_of_order: (numbers, after) => `${numbers} only after ${after}`,
  replayed: (numbers, after) => `${numbers} replayed after a reconnect, of up to ${after}`,
  restarted: (numbers, after) =>
    `numbers began anew at ${numbers} after a reconnect, from ${after}: a loss among them would not show`,
};

/** `stream 7: none of 155 published events`. */
export function unreachedExample({ stream, events }: { stream: number; events: number }): string {
  return `stream ${stream}: none of ${events === 1 ? 'the one published event' : `${events} published events`}`;
}

export function partialExamples({ examples }: PartlyDelivered): string[] {
  return examples.map(
    ([from, to]) =>
      `published ${from === to ? from : `${from}-${to}`}: on some streams, and missing on others`,
  );
}

/** What is to be known of the figures of delivery, a sentence each. */
export function notesOn(
  delivery: DeliverySnapshot,
  publish: PublishFigures | undefined,
  owed: { tail: number; log: SendLog | undefined },
): string[] {
  return [
    ...numberNotes(delivery),
    ...publishNotes(delivery, publish),
    ...timeNotes(delivery),
    ...(delivery.clock === undefined ? [] : clockNotes(delivery.clock)),
    ...tailNotes(delivery, publish, owed),
  ];
}

function tailNotes(
  { received, untold = 0 }: DeliverySnapshot,
  publish: PublishFigures | undefined,
  { tail, log }: { tail: number; log: SendLog | undefined },
): string[] {
  if (log === undefined) {
    return received === 0
      ? []
      : ['what should have come after the last event of a stream is not known, nor counted as missing'];
  }
  const notes: string[] = [];
  if (tail > 0) {
    notes.push(
      `${tail} of the missing are behind the last one of their stream: it stopped, or they were still on their way when it ended`,
    );
  }
  if (publish !== undefined && publish.published > log.sentMs.length) {
    notes.push(
      `of published events beyond ${log.sentMs.length} it is not known which streams missed them at their end`,
    );
  }
  if (untold > 0) {
    notes.push(`what ${untold} more streams missed at their end could not be kept, and is not counted`);
  }
  return notes;
}

function events(count: number): string {
  return `${count} event${count === 1 ? '' : 's'}`;
}

function timeNotes({ untimed, earlier, marked }: DeliverySnapshot): string[] {
  const notes: string[] = [];
  if (untimed > 0) notes.push(`${events(untimed)} told no time of sending`);
  if (earlier > 0) {
    // Stamps of our own are on this machine's clock.
    const doubt = marked > 0 ? '' : ", or the sender's clock is behind";
    notes.push(
      `${events(earlier)} had been sent before the stream began${doubt}: no delivery latency is known`,
    );
  }
  return notes;
}

function numberNotes({ unnumbered, received, jumps, missingNumbers }: DeliverySnapshot): string[] {
  const notes: string[] = [];
  if (unnumbered > 0)
    notes.push(
      `${events(unnumbered)} had no number, and ${unnumbered === 1 ? 'is' : 'are'} left out of the audit`,
    );
  // Our own publisher's do, save where it failed.
  if (missingNumbers === undefined && received > 0 && jumps * 2 > received) {
    notes.push(
      'numbers mostly do not go up by one: what is missing between them is no loss, where none was sent',
    );
  }
  return notes;
}

function publishNotes({ marked }: DeliverySnapshot, publish: PublishFigures | undefined): string[] {
  if (publish === undefined || publish.published === 0 || marked > 0) return [];
  return [
    'none of the published events came on any stream: do the streams carry what is published to, and its text?',
  ];
}

function clockNotes({ smallestMs, addedMs: [least, most], steppedMs }: SenderClock): string[] {
  const notes: string[] = [];
  if (most === 0) {
    notes.push(
      `the sender's clock is taken for the same as this machine's; as the fastest event took ${ms(smallestMs)}, it is behind by no more than that`,
    );
  } else {
    notes.push(
      `the sender's clock is ahead by at least ${ms(-smallestMs)}: delivery latency is what events took longer than the fastest one, known to ${ms(most - least + Math.max(0, -smallestMs - most))}`,
    );
  }
  if (steppedMs !== 0) notes.push(`the clock of this machine was set by ${ms(steppedMs)} during the run`);
  return notes;
}

function ms(value: number): string {
  return Math.abs(value) < 1 ? `${Math.round(value * 1e3)} µs` : `${Number(value.toPrecision(3))} ms`;
}
