import { parsesAsJson } from './json-text.ts';

/**
 * An event's data on one line. Between JSON tokens a newline is only white space and becomes a space, so
 * the value stays what it was; in other text it becomes `\n`, as shells and programs write it. A backslash
 * in the text stays single: whoever needs the exact text of such data reads NDJSON.
 */
export function oneLine(data: string): string {
  if (!data.includes('\n')) return data;
  return data.replaceAll('\n', parsesAsJson(data) ? ' ' : '\\n');
}
