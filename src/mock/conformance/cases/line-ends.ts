import { RETRY_LINE, write } from '../acts.ts';
import { formatCase } from '../format-case.ts';

/** Between the writes of a case, so that each is a read of its own for most clients. */
const GAP_MS = 30;

export const lf = formatCase({
  id: 'lf',
  text: 'reads LF lines, several events in one write',
  writes: [write(`${RETRY_LINE}id: lf-1\ndata: one\n\ndata: two\n\nid: lf-3\ndata: three\n\n`)],
  expected: ['one', 'two', 'three'],
  proof: { id: 'lf-3' },
});

export const crlf = formatCase({
  id: 'crlf',
  text: 'reads CRLF lines',
  section: 'parsing-an-event-stream',
  writes: [write('retry: 100\r\nid: crlf\r\ndata: one\r\ndata: two\r\n\r\ndata: three\r\n\r\n')],
  expected: ['one\ntwo', 'three'],
  proof: { id: 'crlf' },
});

export const cr = formatCase({
  id: 'cr',
  text: 'reads CR lines',
  section: 'parsing-an-event-stream',
  writes: [write('retry: 100\rid: cr\rdata: one\rdata: two\r\rdata: three\r\r')],
  expected: ['one\ntwo', 'three'],
  proof: { id: 'cr' },
});

export const mixedLineEnds = formatCase({
  id: 'mixed-line-ends',
  text: 'reads LF, CR and CRLF mixed in one stream',
  section: 'parsing-an-event-stream',
  writes: [write('retry: 100\rid: mixed\r\ndata: one\ndata: two\r\n\rdata: three\r\r\ndata: four\n\n')],
  expected: ['one\ntwo', 'three', 'four'],
  proof: { id: 'mixed' },
});

export const crlfSplit = formatCase({
  id: 'crlf-split',
  text: 'takes CR and LF in two writes for one line end',
  section: 'parsing-an-event-stream',
  writes: [
    write('retry: 100\r\nid: crlf-split\r'),
    write('\ndata: one\r', GAP_MS),
    write('\ndata: two\r\n\r', GAP_MS),
    write('\ndata: three\r', GAP_MS),
    write('\n\r\n', GAP_MS),
  ],
  expected: ['one\ntwo', 'three'],
  proof: { id: 'crlf-split' },
});
