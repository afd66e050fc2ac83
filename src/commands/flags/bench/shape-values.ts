import type { Behaviour, Stage } from '../../../bench/options.ts';
import { parseByteRate } from '../../../notation/byte-rate.ts';
import { parseCount } from '../../../notation/count.ts';
import { parseDuration } from '../../../notation/duration.ts';
import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';
import { parseRate } from '../../../notation/rate.ts';
import { Scanner, shown } from '../../../notation/scanner.ts';
import { parseShare } from '../../../notation/share.ts';

/** More streams than any machine holds. */
const MOST_STREAMS = 10_000_000;
const MOST_STARTS_PER_SECOND = 1_000_000;
const MOST_STAGES = 1000;

/** `--stages`, understood. */
export interface Stages {
  /** What a target is: streams that are open, or starts per second. */
  of: 'streams' | 'starts';
  stages: readonly Stage[];
}

export function parseConnections(text: string): number {
  const count = parseCount(text, 1);
  if (count > MOST_STREAMS) throw new InvalidValue(`${text} is too many: at most ${MOST_STREAMS}`);
  return count;
}

export function parseStartRate(text: string): number {
  const rate = parseRate(text);
  if (rate > MOST_STARTS_PER_SECOND) {
    throw new InvalidValue(`${quoted(text)} is too many: at most ${MOST_STARTS_PER_SECOND}/s`);
  }
  return rate;
}

const STAGES_HINT =
  "Write for example '30s:1000,2m:5000,30s:0', or with starts per second '30s:100/s,1m:1000/s'.";

/** `30s:1000,2m:5000,30s:0`: within each time the figure goes to its target in a straight line. */
export function parseStages(text: string): Stages {
  const scanner = new Scanner(text, (message, hint = STAGES_HINT) => {
    return new InvalidValue(`${shown(text)}: ${message}`, hint);
  });
  let of: Stages['of'] | undefined;
  const stages: Stage[] = [];
  do {
    const { durationMs, target, rateAt } = takeStage(scanner);
    const kind = rateAt === undefined ? 'streams' : 'starts';
    of ??= kind;
    if (of !== kind) {
      scanner.fail('open streams and starts per second are mixed', STAGES_HINT, rateAt ?? scanner.at);
    }
    stages.push({ durationMs, target });
  } while (scanner.take(/,/) !== undefined && stages.length < MOST_STAGES);
  if (!scanner.atEnd) scanner.fail(`expected a comma or the end, not ${shown(scanner.word())}`);
  if (stages.every(({ target }) => target === 0)) scanner.fail('no stage has any stream', STAGES_HINT, 0);
  if (stages.every(({ durationMs }) => durationMs === 0)) scanner.fail('they take no time', STAGES_HINT, 0);
  return { of, stages };
}

/** `rateAt`: where the rate stands, if it is one. */
function takeStage(scanner: Scanner): Stage & { rateAt?: number } {
  const timeAt = scanner.at;
  const time = scanner.expect(/[^\s:,]+/, 'a time and a target, such as 30s:1000');
  const durationMs = scanner.parsed(time, timeAt, (each) => parseDuration(each));
  scanner.expect(/:/, ': and a target');
  const { at } = scanner;
  const target = scanner.expect(/[^\s:,]+/, 'a target: open streams, or starts per second such as 100/s');
  if (!target.includes('/')) return { durationMs, target: scanner.parsed(target, at, parseTarget) };
  return { durationMs, target: scanner.parsed(target, at, parseTargetRate), rateAt: at };
}

function parseTarget(text: string): number {
  return Number(text) === 0 ? 0 : parseConnections(text);
}

function parseTargetRate(text: string): number {
  return /^0+(?:\.0+)?\//.test(text) ? 0 : parseStartRate(text);
}

/** `T[:SHARE]` of `--drop-at`. */
export function parseDropAt(text: string): NonNullable<Behaviour['drop']> {
  const [time = '', share] = splitAt(text, ':');
  return { atMs: parseDuration(time), share: share === undefined ? 1 : parseShare(share) };
}

/** `SHARE@RATE` of `--slow`. */
export function parseSlow(text: string): NonNullable<Behaviour['slow']> {
  const [share, rate] = halves(text, '10%@1KB/s');
  return { share: parseShare(share), bytesPerSecond: parseByteRate(rate) };
}

/** `SHARE@TIME` of `--cancel`. */
export function parseCancel(text: string): NonNullable<Behaviour['cancel']> {
  const [share, time] = halves(text, '5%@2s');
  return { share: parseShare(share), afterMs: parseDuration(time, { minMs: 1 }) };
}

function halves(text: string, example: string): [string, string] {
  const [first, second] = splitAt(text, '@');
  if (first !== undefined && second !== undefined) return [first, second];
  throw new InvalidValue(`${quoted(text)} has no @ between its two parts`, `Write for example ${example}.`);
}

function splitAt(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** A part of each wait that is random: 0 to 1, or a percentage. */
export function parseJitter(text: string): number {
  return Number(text.trim().replace(/%$/, '')) === 0 ? 0 : parseShare(text);
}
