import { FAULT_KINDS } from '../../../src/mock/faults/kinds.ts';
import { shapeParsers } from '../../../src/mock/overrides.ts';
import { tickData } from '../../../src/mock/ticker.ts';
import { lineOf, written } from './told.ts';

/** Befalls the largest events there are with every kind of fault, each at its most; prints the most memory, in MB. */
const LARGEST = '64MB';
const MOST: Record<string, readonly string[]> = {
  split: ['=utf8', '=crlf', '=bytes:1'],
  oversize: [`=${LARGEST}`],
  buffer: [`=${LARGEST}`],
  slow: ['=1B/s'],
};
/** They take away what the others send. */
const TAKING = ['drop', 'no-done', 'truncate'];

const size = shapeParsers.size(LARGEST);
const tick = tickData(size)(1, 0);

for (const { name, scope, value } of FAULT_KINDS) {
  if (scope === 'head') continue;
  const example = value === undefined ? '' : `=${value.example}`;
  for (const text of MOST[name] ?? [example]) {
    const fault = `${name}${text}${scope === 'lasting' ? '' : '@1'}`;
    if (name === 'oversize') befall([fault], tick);
    else befall([fault, `oversize=${LARGEST}@1`], 'né');
  }
}
console.log(Math.round(process.resourceUsage().maxRSS / 1024));

function befall(texts: readonly string[], data: string): void {
  const line = lineOf(texts);
  const ops = line.send({ kind: 'event', n: 1, event: { id: '1', data }, done: true }, 0);
  ops.push(...line.finish('end'));
  const bytes = written(ops).length;
  const taken = TAKING.some((name) => texts[0]?.startsWith(name));
  if (bytes < size !== taken) throw new Error(`${texts.join(' ')}: ${bytes} bytes`);
}
