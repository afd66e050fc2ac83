import type { HeaderPair } from '../client/records.ts';

/** Headers as records have them: lower-case names; values of a repeated name joined by `, `, but `set-cookie` always a list. */
export function headerObject(pairs: readonly HeaderPair[]): object {
  const headers = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    const before = headers.get(key);
    if (key === 'set-cookie') headers.set(key, Array.isArray(before) ? [...before, value] : [value]);
    else headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}
