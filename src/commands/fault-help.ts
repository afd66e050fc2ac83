import type { FaultKind } from '../mock/faults/kind.ts';
import { FAULT_KINDS } from '../mock/faults/kinds.ts';

const NAME_WIDTH = 24;
const LINE_WIDTH = 80;

/** What help says of the kinds of fault: as they are written, and what goes wrong. */
export function faultHelp(): string {
  return `Kinds of fault (docs/faults.md tells where each may happen):\n${FAULT_KINDS.map(row).join('')}`;
}

function row(kind: FaultKind): string {
  const lines = wrapped(kind.meaning, LINE_WIDTH - NAME_WIDTH - 2);
  const [first = '', ...rest] = lines;
  const indent = ' '.repeat(NAME_WIDTH + 2);
  return `  ${writtenAs(kind).padEnd(NAME_WIDTH)}${first}\n${rest.map((line) => `${indent}${line}\n`).join('')}`;
}

function writtenAs({ name, value }: FaultKind): string {
  if (value === undefined) return name;
  return value.fallback === undefined ? `${name}=${value.label}` : `${name}[=${value.label}]`;
}

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
