import type { FixKind, Product } from './cause-kind.ts';
import { rangeText } from './version-range.ts';

/** Where a fix goes, with the versions that it holds for: `nginx < 1.29.7`. */
export function placeOf({ name }: Product, fix: FixKind): string {
  const versions = [name, rangeText(fix)].filter((part) => part !== '').join(' ');
  if (fix.where === undefined) return versions;
  return versions === name ? fix.where : `${fix.where} (${versions})`;
}
