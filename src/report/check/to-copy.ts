import { displayWidth } from '../display-width.ts';
import { escapeInline } from '../escape.ts';
import type { Palette } from '../palette.ts';
import { folded, LABEL_WIDTH, type Row, rowsText } from '../rows.ts';
import { answerHeaderIn } from './answer-header.ts';

/** Where a remark begins behind what is to be written: `   # …`, `   (…)`. */
const REMARK = /(?<=\S) {3}(?=[#(])/;
const COMMENT = '# ';
/** With less room than this nothing is folded. */
const LEAST_ROOM = 20;

export interface ToCopyOptions {
  palette: Palette;
  /** Width of the terminal; `undefined`: nothing is folded. */
  columns: number | undefined;
  /** They say what to do, and are nobody's syntax. */
  isProse?: boolean;
}

/**
 * Lines that are to be copied, indented as written: what is code is never folded, as a terminal that breaks it still copies it
 * whole; a comment or a remark beside it is, and so is prose.
 */
export function toCopyText(lines: string, { palette, columns, isProse = false }: ToCopyOptions): string {
  const room = (columns ?? Number.POSITIVE_INFINITY) - LABEL_WIDTH;
  // Each is a row of its own: what goes on with another row loses its indentation.
  return lines
    .split('\n')
    .flatMap((line) => (isProse ? saidOf(line) : [{ line, isProse }]))
    .flatMap(({ line, isProse: isFree, isCopied = true }) =>
      piecesOf(escapeInline(line), room, isFree).map(
        (piece): Row => (isCopied ? ['', piece, palette.green] : ['', piece]),
      ),
    )
    .map((row) => rowsText([row], palette, undefined))
    .join('');
}

/** A line, or a part of it that stands in a line of its own. */
interface Part {
  line: string;
  isProse: boolean;
  /** Unless it only says what is to be done with the next. */
  isCopied?: boolean;
}

/** What is said to the application: a header is told for one, and how to send it. */
function saidOf(line: string): Part[] {
  const text = line.trimStart();
  const indent = line.slice(0, line.length - text.length);
  const said = answerHeaderIn(text);
  if (said === undefined) return [{ line, isProse: true }];
  return [
    { line: `${indent}answer with the header`, isProse: true, isCopied: false },
    { line: `${indent}  ${said.header}`, isProse: false },
    { line: `${indent}${said.how}`, isProse: true },
  ];
}

function piecesOf(line: string, room: number, isProse: boolean): string[] {
  if (displayWidth(line) <= room || room < LEAST_ROOM) return [line];
  const text = line.trimStart();
  const indent = line.slice(0, line.length - text.length);
  const [code = '', remark = ''] = text.split(REMARK, 2);
  const beside = (part: string, isFree: boolean) => foldedPart(part, room - indent.length, isFree);
  const pieces = [...beside(code, isProse), ...(remark === '' ? [] : beside(remark, true))];
  return pieces.map((piece) => `${indent}${piece}`);
}

/** A comment stays one in every line. */
function foldedPart(text: string, room: number, isFree: boolean): string[] {
  if (text.startsWith(COMMENT))
    return folded(text.slice(COMMENT.length), room - COMMENT.length).map((each) => `${COMMENT}${each}`);
  return isFree ? folded(text, room) : [text];
}
