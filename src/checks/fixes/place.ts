import type { Fix } from '../../results/check/result.ts';
import type { FixKind, Product } from './cause-kind.ts';
import { rangeText } from './version-range.ts';

/** Where a fix goes, with the versions that it holds for: `nginx < 1.29.7`. */
export function placeOf({ name }: Product, fix: FixKind): string {
  const versions = [name, rangeText(fix)].filter((part) => part !== '').join(' ');
  if (fix.where === undefined) return versions;
  return versions === name ? fix.where : `${fix.where} (${versions})`;
}

/** Fixes that go elsewhere than into a proxy. */
const ELSEWHERE: ReadonlySet<string> = new Set(['origin', 'client']);
/** What is to be done to the product as a whole. */
const UPGRADE = /^upgrade/;
/** What is to be looked for in its configuration, wherever it stands. */
const REMARK = /^#/;

/** Whether a fix goes into the proxy, and not into an application. */
function isForProxy(where: string): boolean {
  return !ELSEWHERE.has(where);
}

/** Where a fix goes, whatever the version: lines of one place go together. And what makes them take effect. */
export function siteOf(
  { name, place, reload, restart, addsUp, twice }: Product,
  fix: FixKind,
): Pick<Fix, 'place' | 'reload' | 'restart' | 'replaces' | 'twice'> {
  if (fix.where !== undefined && !isForProxy(fix.where)) return {};
  const isUpgrade = UPGRADE.test(fix.line);
  const isLine = !isUpgrade && !REMARK.test(fix.line);
  const command = fix.restart ? restart : reload;
  const isAlone = reload !== undefined && isLine && !(addsUp ?? fix.addsUp);
  const ofTwo = fix.twice ?? twice;
  return {
    place: fix.where ?? (place !== undefined && isLine ? `${name}, ${place}` : name),
    ...(command !== undefined && !isUpgrade && { reload: command }),
    ...(fix.restart && { restart: true }),
    ...(isAlone && { replaces: true }),
    ...(isAlone && ofTwo !== undefined && { twice: ofTwo }),
  };
}
