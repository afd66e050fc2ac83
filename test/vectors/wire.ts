/**
 * Wire cases, written from the HTML standard, section 9.2.5 (parsing) and 9.2.6 (interpretation): a stream, and what a
 * browser makes of it. What a case leaves out, it expects to be absent: no events, no comments, no `retry`, an empty id.
 */
export interface WireCase {
  name: string;
  /** Text is sent as UTF-8; bytes where text can't say it. */
  stream: string | readonly number[];
  events?: readonly { type?: string; data: string; lastEventId?: string }[];
  comments?: readonly string[];
  retry?: number;
  finalLastEventId?: string;
}

const MARK = '\u{feff}';

function bytes(...parts: (string | number)[]): number[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : [part]));
}

export const lineEndings: WireCase[] = [
  { name: 'LF ends a line', stream: 'data: a\n\n', events: [{ data: 'a' }] },
  { name: 'CRLF ends a line once', stream: 'data: a\r\ndata: b\r\n\r\n', events: [{ data: 'a\nb' }] },
  { name: 'CR alone ends a line', stream: 'data: a\rdata: b\r\r', events: [{ data: 'a\nb' }] },
  {
    name: 'LF then CR is two endings',
    stream: 'data: a\n\rdata: b\n\r',
    events: [{ data: 'a' }, { data: 'b' }],
  },
  {
    name: 'CR CR LF is a line and a blank line',
    stream: 'data: a\r\r\ndata: b\n\n',
    events: [{ data: 'a' }, { data: 'b' }],
  },
  {
    name: 'CRLF then LF is a line and a blank line',
    stream: 'data: a\r\n\ndata: b\n\n',
    events: [{ data: 'a' }, { data: 'b' }],
  },
  {
    name: 'LF then CRLF is a line and a blank line',
    stream: 'data: a\n\r\ndata: b\n\n',
    events: [{ data: 'a' }, { data: 'b' }],
  },
  {
    name: 'each block may use its own ending',
    stream: 'data: a\n\ndata: b\r\rdata: c\r\n\r\n',
    events: [{ data: 'a' }, { data: 'b' }, { data: 'c' }],
  },
  {
    name: 'blank lines in a row dispatch nothing more',
    stream: '\n\r\n\rdata: a\n\n\n\r\r\n',
    events: [{ data: 'a' }],
  },
  {
    name: 'other separators of Unicode end no line',
    stream: 'data: a\u{85}b\u{2028}c\u{2029}d\ve\f\n\n',
    events: [{ data: 'a\u{85}b\u{2028}c\u{2029}d\ve\f' }],
  },
  { name: 'a CR within a line of data ends it', stream: 'data: a\rb: c\n\n', events: [{ data: 'a' }] },
];

export const byteOrderMarks: WireCase[] = [
  {
    name: 'a byte order mark at the start is not part of the first line',
    stream: `${MARK}data: a\n\n`,
    events: [{ data: 'a' }],
  },
  {
    name: 'only one byte order mark is stripped',
    stream: `${MARK}${MARK}data: a\n\ndata: b\n\n`,
    events: [{ data: 'b' }],
  },
  {
    name: 'a byte order mark later on is part of the field name',
    stream: `data: a\n\n${MARK}data: b\n\n`,
    events: [{ data: 'a' }],
  },
  {
    name: 'a byte order mark in a value stays',
    stream: `data: ${MARK}a\n\n`,
    events: [{ data: `${MARK}a` }],
  },
  { name: 'a byte order mark before a comment', stream: `${MARK}: hi\n\n`, comments: ['hi'] },
  {
    name: 'a byte order mark before a blank line',
    stream: `${MARK}\n\ndata: a\n\n`,
    events: [{ data: 'a' }],
  },
  {
    name: 'the beginning of a byte order mark is invalid UTF-8, so an unknown field',
    stream: bytes(0xef, 0xbb, 'data: a\n\ndata: b\n\n'),
    events: [{ data: 'b' }],
  },
  {
    name: 'one byte of a byte order mark, then a line ending',
    stream: bytes(0xef, '\ndata: a\n\n'),
    events: [{ data: 'a' }],
  },
  {
    name: 'text that looks like a byte order mark read as Latin-1 is text',
    stream: 'ï»¿data: a\n\ndata: b\n\n',
    events: [{ data: 'b' }],
  },
  {
    name: 'the mark of UTF-16 is invalid UTF-8 here',
    stream: bytes(0xff, 0xfe, 'data: a\n\ndata: b\n\n'),
    events: [{ data: 'b' }],
  },
];

export const fields: WireCase[] = [
  { name: 'one space after the colon is dropped', stream: 'data: a\n\n', events: [{ data: 'a' }] },
  { name: 'no space after the colon is needed', stream: 'data:a\n\n', events: [{ data: 'a' }] },
  { name: 'a second space belongs to the value', stream: 'data:  a \n\n', events: [{ data: ' a ' }] },
  { name: 'a tab belongs to the value', stream: 'data:\ta\n\n', events: [{ data: '\ta' }] },
  { name: 'later colons belong to the value', stream: 'data: a:b: c\n\n', events: [{ data: 'a:b: c' }] },
  { name: 'a name without a colon has an empty value', stream: 'data\n\n', events: [{ data: '' }] },
  {
    name: 'data lines are joined by LF',
    stream: 'data: a\ndata\ndata:\ndata: b\n\n',
    events: [{ data: 'a\n\n\nb' }],
  },
  {
    name: 'data lines are joined across other fields',
    stream: 'data: a\nevent: t\nx: y\n: c\ndata: b\n\n',
    events: [{ type: 't', data: 'a\nb' }],
    comments: ['c'],
  },
  { name: 'field names are lower case', stream: 'Data: a\nDATA: b\ndata: c\n\n', events: [{ data: 'c' }] },
  {
    name: 'a space before the name makes another name',
    stream: ' data: a\n\ndata: b\n\n',
    events: [{ data: 'b' }],
  },
  {
    name: 'a space before the colon makes another name',
    stream: 'data : a\n\ndata: b\n\n',
    events: [{ data: 'b' }],
  },
  {
    name: 'a longer name is another name',
    stream: 'data2: a\ndatax\nids: 1\n\ndata: b\n\n',
    events: [{ data: 'b' }],
  },
  { name: 'a shorter name is another name', stream: 'dat: a\ni: 1\n\ndata: b\n\n', events: [{ data: 'b' }] },
  { name: 'unknown fields are ignored', stream: 'foo: 1\nbar\ndata: a\n\n', events: [{ data: 'a' }] },
  {
    name: 'a block without data is no event, and its type is forgotten',
    stream: 'event: t\n\ndata: a\n\n',
    events: [{ data: 'a' }],
  },
  { name: 'an empty type is message', stream: 'event: t\nevent:\ndata: a\n\n', events: [{ data: 'a' }] },
  {
    name: 'the last type of a block wins',
    stream: 'event: s\ndata: a\nevent: t\n\n',
    events: [{ type: 't', data: 'a' }],
  },
  {
    name: 'a type holds for one block',
    stream: 'event: t\ndata: a\n\ndata: b\n\n',
    events: [{ type: 't', data: 'a' }, { data: 'b' }],
  },
  {
    name: 'NUL is an ordinary character of data and type',
    stream: 'event: \0t\ndata: a\0b\n\n',
    events: [{ type: '\0t', data: 'a\0b' }],
  },
  {
    name: 'data whose value looks like a field',
    stream: 'data: data: a\ndata: id: 7\n\n',
    events: [{ data: 'data: a\nid: 7' }],
  },
];

export const comments: WireCase[] = [
  { name: 'a comment loses one space', stream: ':a\n: b\n:  c\n:\n', comments: ['a', 'b', ' c', ''] },
  { name: 'a comment needs no blank line', stream: ': a\n', comments: ['a'] },
  {
    name: 'a comment that is a field is a comment',
    stream: ':data: a\n:id: 1\n\n',
    comments: ['data: a', 'id: 1'],
  },
  { name: 'an unfinished comment is none', stream: ': a\n: b', comments: ['a'] },
  {
    name: 'comments between the lines of an event leave it alone',
    stream: 'id: 1\n: a\ndata: b\r\n: c\rdata: d\n\n',
    events: [{ data: 'b\nd', lastEventId: '1' }],
    comments: ['a', 'c'],
    finalLastEventId: '1',
  },
];

export const ids: WireCase[] = [
  {
    name: 'an id holds for the events after it',
    stream: 'id: 1\ndata: a\n\ndata: b\n\n',
    events: [
      { data: 'a', lastEventId: '1' },
      { data: 'b', lastEventId: '1' },
    ],
    finalLastEventId: '1',
  },
  {
    name: 'an empty id resets',
    stream: 'id: 1\ndata: a\n\nid\ndata: b\n\n',
    events: [{ data: 'a', lastEventId: '1' }, { data: 'b' }],
  },
  {
    name: 'the last id of a block wins',
    stream: 'id: 1\ndata: a\nid: 2\n\n',
    events: [{ data: 'a', lastEventId: '2' }],
    finalLastEventId: '2',
  },
  {
    name: 'a block of an id alone moves the id',
    stream: 'id: 1\n\ndata: a\n\nid: 2\n\n',
    events: [{ data: 'a', lastEventId: '1' }],
    finalLastEventId: '2',
  },
  {
    name: 'an id alone counts from its blank line on',
    stream: 'data: a\n\nid:7\r\n\r\ndata: b\r\n\r\nid: 8\r\r',
    events: [{ data: 'a' }, { data: 'b', lastEventId: '7' }],
    finalLastEventId: '8',
  },
  {
    name: 'an empty id alone resets',
    stream: 'id: 1\ndata: a\n\nid:\n\n',
    events: [{ data: 'a', lastEventId: '1' }],
  },
  {
    name: 'the id of an unfinished block is lost',
    stream: 'id: 1\ndata: a\n\nid: 2\ndata: b\n',
    events: [{ data: 'a', lastEventId: '1' }],
    finalLastEventId: '1',
  },
  { name: 'an id without a line ending is lost', stream: 'id: 1\n\nid: 2', finalLastEventId: '1' },
  {
    name: 'an id with NUL is ignored',
    stream: 'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n',
    events: [
      { data: 'a', lastEventId: '1' },
      { data: 'b', lastEventId: '1' },
    ],
    finalLastEventId: '1',
  },
  {
    name: 'an id with NUL leaves the block its id from before',
    stream: 'id: 1\nid: \0\ndata: a\n\n',
    events: [{ data: 'a', lastEventId: '1' }],
    finalLastEventId: '1',
  },
  {
    name: 'an id with NUL alone in its block moves nothing',
    stream: 'id: 1\n\nid: \x002\n\nid: 3\nid: \0\n\n',
    finalLastEventId: '3',
  },
  { name: 'an id keeps its spaces but the first', stream: 'id:  1 \n\n', finalLastEventId: ' 1 ' },
  { name: 'an id need not be ASCII', stream: 'id: zażółć 🐢\n\n', finalLastEventId: 'zażółć 🐢' },
  { name: 'an id of a longer name is none', stream: 'idx: 1\nid : 2\nID: 3\n\n' },
];

export const retries: WireCase[] = [
  { name: 'digits set the reconnection time', stream: 'retry: 3000\n\n', retry: 3000 },
  { name: 'retry needs no blank line', stream: 'retry:5\n', retry: 5 },
  { name: 'leading zeros are digits of base ten', stream: 'retry: 0010\n', retry: 10 },
  { name: 'the last valid retry holds', stream: 'retry: 1\nretry: 2\nretry: x\n', retry: 2 },
  { name: 'retry in a block with data', stream: 'data: a\nretry: 9\n\n', retry: 9, events: [{ data: 'a' }] },
  { name: 'an empty retry is ignored', stream: 'retry\nretry:\nretry: \n' },
  {
    name: 'signs, points, letters and spaces make a retry invalid',
    stream: 'retry: -1\nretry: +1\nretry: 1.5\nretry: 1e3\nretry: 0x10\nretry:  1\nretry: 1 \n',
  },
  { name: 'digits of other scripts make a retry invalid', stream: 'retry: ١٢\nretry: １\n' },
  { name: 'a retry without a line ending is ignored', stream: 'retry: 5' },
];

export const utf8: WireCase[] = [
  {
    name: 'sequences of two, three and four bytes',
    stream: 'event: ż\ndata: é€🐢\n\n: ę\n',
    events: [{ type: 'ż', data: 'é€🐢' }],
    comments: ['ę'],
  },
  {
    name: 'a lone continuation byte',
    stream: bytes('data: a', 0x80, 'b\n\n'),
    events: [{ data: 'a\u{fffd}b' }],
  },
  {
    name: 'a sequence cut short by the line ending',
    stream: bytes('data: ', 0xe2, 0x82, '\ndata: b\n\n'),
    events: [{ data: '\u{fffd}\nb' }],
  },
  {
    name: 'a sequence cut short by CR',
    stream: bytes('data: ', 0xf0, 0x9f, 0x90, '\r\r'),
    events: [{ data: '\u{fffd}' }],
  },
  {
    name: 'a sequence cut short by a letter',
    stream: bytes('data: ', 0xf0, 0x9f, 'x\n\n'),
    events: [{ data: '\u{fffd}x' }],
  },
  {
    name: 'an encoded surrogate is three errors',
    stream: bytes('data: ', 0xed, 0xa0, 0x80, '\n\n'),
    events: [{ data: '\u{fffd}\u{fffd}\u{fffd}' }],
  },
  {
    name: 'an overlong slash is two errors',
    stream: bytes('data: ', 0xc0, 0xaf, '\n\n'),
    events: [{ data: '\u{fffd}\u{fffd}' }],
  },
  {
    name: 'a code point beyond the last is four errors',
    stream: bytes('data: ', 0xf4, 0x90, 0x80, 0x80, '\n\n'),
    events: [{ data: '\u{fffd}'.repeat(4) }],
  },
  {
    name: 'bytes that are never valid, one error each',
    stream: bytes('data: ', 0xfe, 0xff, '\n\n'),
    events: [{ data: '\u{fffd}\u{fffd}' }],
  },
  { name: 'U+FFFD itself', stream: 'data: \u{fffd}\n\n', events: [{ data: '\u{fffd}' }] },
  {
    name: 'an invalid byte in a field name makes it unknown',
    stream: bytes('da', 0xff, 'ta: a\n\ndata: b\n\n'),
    events: [{ data: 'b' }],
  },
  {
    name: 'an invalid byte in an id alone in its block',
    stream: bytes('id: ', 0xff, '\n\n'),
    finalLastEventId: '\u{fffd}',
  },
];

export const ends: WireCase[] = [
  { name: 'an empty stream', stream: '' },
  { name: 'a byte order mark alone', stream: MARK },
  { name: 'a blank line alone', stream: '\n' },
  {
    name: 'an event without its blank line is discarded',
    stream: 'data: a\n\ndata: b\n',
    events: [{ data: 'a' }],
  },
  {
    name: 'an event without its line ending is discarded',
    stream: 'data: a\n\ndata: b',
    events: [{ data: 'a' }],
  },
  { name: 'a CR at the very end is a blank line', stream: 'data: a\n\r', events: [{ data: 'a' }] },
  {
    name: 'CRLF and CR at the very end are a line and a blank line',
    stream: 'data: a\r\n\r',
    events: [{ data: 'a' }],
  },
  { name: 'CRLF at the very end is one ending', stream: 'data: a\r\n' },
];
