import type { Paint, Palette } from './palette.ts';

/** Part of a text in one colour; ends where the next begins. */
export interface Span {
  end: number;
  paint: Paint | undefined;
}

// A string, then whether a colon follows it; a number; a word; or a run of punctuation.
const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)\b|[{}[\],:]+/gs;

/**
 * Colours of JSON text. Takes any text: what looks like a token is coloured, so that a value cut short keeps
 * its colours up to the cut.
 */
export function highlightJson(text: string, palette: Palette): Span[] {
  const spans: Span[] = [];
  const add = (end: number, paint: Paint | undefined) => {
    const last = spans.at(-1);
    if (end > (last?.end ?? 0)) spans.push({ end, paint });
  };
  for (const match of text.matchAll(TOKEN)) {
    const [token, string, colon, number, word] = match;
    const end = match.index + token.length;
    add(match.index, undefined);
    if (string !== undefined) {
      add(match.index + string.length, colon === undefined ? palette.green : palette.cyan);
      add(end, palette.dim);
    } else if (number !== undefined) {
      add(end, palette.yellow);
    } else {
      add(end, word === undefined ? palette.dim : palette.magenta);
    }
  }
  add(text.length, undefined);
  return spans;
}

/** A stretch of a text, painted by the spans that cover it. */
export function paintStretch(text: string, start: number, end: number, spans: readonly Span[]): string {
  let painted = '';
  let from = start;
  for (const span of spans) {
    if (span.end <= from) continue;
    const to = Math.min(span.end, end);
    const part = text.slice(from, to);
    painted += span.paint === undefined ? part : span.paint(part);
    from = to;
    if (from >= end) break;
  }
  return painted + text.slice(from, end);
}
