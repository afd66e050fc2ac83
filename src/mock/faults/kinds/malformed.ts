import { type Block, characterStart } from '../block.ts';
import type { FaultKind } from '../kind.ts';

/** A byte that UTF-8 never has, and two of a character of three: each becomes one U+FFFD. */
const INVALID = Buffer.from([0xff, 0xe2, 0x82]);

const DATA = Buffer.from('data: ');
const QUOTE = 0x22;

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
    const last = values.pop() ?? Buffer.alloc(0);
    const at = insideText(last);
    const spoilt = Buffer.concat([last.subarray(0, at), INVALID, last.subarray(at)]);
    block.replace(
      'data',
      [...values, spoilt].map((value) => Buffer.concat([DATA, value])),
    );
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
  return block.values('id').at(-1)?.toString() ?? String(block.n ?? '');
}

/** Before the quote that closes the last string, where there is one: JSON stays JSON. Else in the middle. */
function insideText(text: Buffer): number {
  const closing = text.lastIndexOf(QUOTE);
  // The last quote in JSON closes a string; one by itself is none.
  if (closing > 0 && text.indexOf(QUOTE) < closing) return closing;
  return characterStart(text, Math.floor(text.length / 2));
}
