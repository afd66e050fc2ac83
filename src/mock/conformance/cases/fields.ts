import { RETRY_LINE, write } from '../acts.ts';
import { formatCase } from '../format-case.ts';

export const comments = formatCase({
  id: 'comments',
  text: 'ignores comments, wherever they stand',
  writes: [
    write(
      `: a comment\n${RETRY_LINE}:no space\nid: comments\ndata: one\n: data: hidden\n:\ndata: two\n\n` +
        ':\n\n: only a comment\n\ndata: three\n\n',
    ),
  ],
  expected: ['one\ntwo', 'three'],
  proof: { id: 'comments' },
});

export const multiLine = formatCase({
  id: 'multi-line',
  text: 'joins data lines by LF',
  writes: [write(`${RETRY_LINE}data: one\ndata: two\ndata: three\n\n`)],
  expected: ['one\ntwo\nthree'],
});

export const emptyData = formatCase({
  id: 'empty-data',
  text: 'hands over events of empty data lines',
  writes: [write(`${RETRY_LINE}data:\n\ndata:\ndata:\n\ndata: a\ndata:\n\n`)],
  expected: ['', '\n', 'a\n'],
});

export const noColon = formatCase({
  id: 'no-colon',
  text: 'takes a line without a colon for a field without a value',
  writes: [write(`${RETRY_LINE}data\n\ndata\ndata\n\ndata: a\ndata\ndata: b\n\n`)],
  expected: ['', '\n', 'a\n\nb'],
});

export const spaces = formatCase({
  id: 'spaces',
  text: 'removes one space behind the colon, and no more',
  writes: [write(`${RETRY_LINE}data:one\n\ndata: two\n\ndata:  three\n\ndata:\tfour\n\ndata: five  \n\n`)],
  expected: ['one', 'two', ' three', '\tfour', 'five  '],
});

export const colons = formatCase({
  id: 'colons',
  text: 'keeps the colons in values',
  writes: [write(`${RETRY_LINE}id: a:b:c\ndata: a:b: c\n\ndata::d\n\n`)],
  expected: ['a:b: c', ':d'],
  proof: { id: 'a:b:c' },
});

export const unknownFields = formatCase({
  id: 'unknown-fields',
  text: 'ignores fields of any other name, case included',
  writes: [
    write(
      `${RETRY_LINE}id: unknown-fields\nfoo: bar\nDATA: a\nData: b\n data: c\ndata : d\ndatax: e\nID: f\n` +
        'id : g\ndata: one\n\n',
    ),
  ],
  expected: ['one'],
  proof: { id: 'unknown-fields' },
});
