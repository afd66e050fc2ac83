import type { Block } from '../block.ts';
import type { FaultKind } from '../kind.ts';

/** A byte that UTF-8 never has, and two of a character of three: each becomes one U+FFFD. */
const INVALID = Buffer.from([0xff, 0xe2, 0x82]);

export const noNewline: FaultKind = {
  name: 'no-newline',
  meaning: 'the blank line behind the event is missing, so that it runs into the next one',
  scope: 'event',
  withoutWhen: 'every event',
  change(block) {
    if (block.lines.at(-1)?.content.length === 0) block.lines = block.lines.slice(0, -1);
  },
};

export const badUtf8: FaultKind = {
  name: 'bad-utf8',
  meaning: 'the data has bytes that are no UTF-8',
  scope: 'event',
  withoutWhen: 'every event',
  change(block) {
    if (block.isEmpty) return;
    const values = block.values('data');
    const last = values.pop() ?? '';
    const at = insideText(last);
    const spoilt = [Buffer.from(`data: ${last.slice(0, at)}`), INVALID, Buffer.from(last.slice(at))];
    block.replace('data', [...values.map((value) => Buffer.from(`data: ${value}`)), Buffer.concat(spoilt)]);
  },
};

export const nullId: FaultKind = {
  name: 'null-id',
  meaning: 'the id contains NUL: receivers ignore such an id',
  scope: 'event',
  withoutWhen: 'every event',
  change(block) {
    if (block.isEmpty) return;
    const id = idOf(block);
    if (block.values('id').length > 0) block.replace('id', [Buffer.from(`id: ${id}\0`)]);
    else block.prepend(`id: ${id}\0`);
  },
};

function idOf(block: Block): string {
  return block.values('id').at(-1) ?? String(block.n ?? '');
}

/** Before the quote that closes the last string, where there is one: JSON stays JSON. Else in the middle. */
function insideText(text: string): number {
  const quote = /"(?:[^"\\]|\\.)*"/g;
  const last = [...text.matchAll(quote)].at(-1);
  if (last !== undefined) return last.index + last[0].length - 1;
  const characters = [...text];
  return characters.slice(0, Math.floor(characters.length / 2)).join('').length;
}
