/** Which versions something holds for: from the one, up to but without the other. */
export interface VersionRange {
  readonly from?: string;
  readonly below?: string;
}

/** Whether a version is in a range; a version that isn't known may be in any. */
export function inRange(version: string | undefined, { from, below }: VersionRange): boolean {
  if (version === undefined) return true;
  if (from !== undefined && compareVersions(version, from) < 0) return false;
  return below === undefined || compareVersions(version, below) < 0;
}

/** `>= 1.2 and < 1.4`; empty where it holds for all. */
export function rangeText({ from, below }: VersionRange): string {
  const ends = [
    ...(from === undefined ? [] : [`>= ${from}`]),
    ...(below === undefined ? [] : [`< ${below}`]),
  ];
  return ends.join(' and ');
}

/** By the numbers between the dots; what is behind them (`-dev5`) is not looked at. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let place = 0; place < Math.max(left.length, right.length); place++) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
}
