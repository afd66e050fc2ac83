/** Members of an object that a server sent: any of them may be missing, or be something else. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object's members; none where the value is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text; empty where the value is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A count or place; `undefined` where the value is none. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** `error` as services write it, in words: the message, and what kind of failure it is. */
export function errorWords(value: unknown): string {
  if (typeof value === 'string') return value;
  const { message, type, code, status } = fieldsOf(value);
  const kind = [type, status, code].find((each) => typeof each === 'string' && each !== '') ?? countOf(code);
  const words = textOf(message) || 'without a message';
  return kind === undefined ? words : `${words} (${kind})`;
}
