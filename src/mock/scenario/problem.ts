/** Something wrong in a scenario file, where it is. */
export interface Problem {
  /** From 1, both. */
  line: number;
  column: number;
  /** What was found, what is accepted and what to do. */
  message: string;
}

/** More than these help nobody. */
const MOST_SHOWN = 20;

/** A line each, in the order of the file: `file.yaml:12:5: …`. */
export function problemLines(file: string, problems: readonly Problem[]): string[] {
  const ordered = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = ordered.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
  const distinct = [...new Set(lines)];
  const hidden = distinct.length - MOST_SHOWN;
  return hidden > 0 ? [...distinct.slice(0, MOST_SHOWN), `and ${hidden} more`] : distinct;
}
