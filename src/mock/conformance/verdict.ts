/** What became of one requirement. */
export interface Verdict {
  /**
   * `pass`; `fail`: it did otherwise; `note`: it did otherwise, and may; `not-measured`: it could not be told, which
   * is neither.
   */
  outcome: Outcome;
  /** What was seen, for people. */
  evidence: string;
  /** The waits that it was judged by. */
  waitsMs?: readonly number[];
}

export type Outcome = 'pass' | 'fail' | 'note' | 'not-measured';

export function pass(evidence: string, waitsMs?: readonly number[]): Verdict {
  return verdict('pass', evidence, waitsMs);
}

export function fail(evidence: string, waitsMs?: readonly number[]): Verdict {
  return verdict('fail', evidence, waitsMs);
}

export function note(evidence: string, waitsMs?: readonly number[]): Verdict {
  return verdict('note', evidence, waitsMs);
}

export function notMeasured(evidence: string): Verdict {
  return verdict('not-measured', evidence);
}

function verdict(outcome: Outcome, evidence: string, waitsMs?: readonly number[]): Verdict {
  if (waitsMs === undefined) return { outcome, evidence };
  return { outcome, evidence, waitsMs: waitsMs.map((ms) => Math.round(ms * 10) / 10) };
}

/** `1,004 ms`. */
export function inMs(ms: number): string {
  return `${grouped(Math.round(ms))} ms`;
}

/** `2.3 s`, of waits that nothing came in. */
export function inSeconds(ms: number): string {
  return `${Number((ms / 1_000).toFixed(1))} s`;
}

/** `204, 209 and 1,604 ms`. */
export function listMs(list: readonly number[]): string {
  return `${listed(list.map((ms) => grouped(Math.round(ms))))} ms`;
}

/** `a, b and c`. */
function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** `1 event`, `1,200 events`. */
export function numbered(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A text in quotes, short enough for a line of evidence. */
export function shown(text: string): string {
  if (text.length <= LONGEST_SHOWN) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, LONGEST_SHOWN))}… (${numbered(text.length, 'character')})`;
}

const LONGEST_SHOWN = 40;

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
