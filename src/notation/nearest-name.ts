/** The name with the fewest edits, where it is near enough to be meant. */
export function nearestName(text: string, names: readonly string[]): string | undefined {
  const mostEdits = Math.max(1, Math.floor(text.length / 3));
  const ranked = names
    // As many edits as the lengths differ by are needed at least: a long text costs nothing.
    .filter((name) => Math.abs(name.length - text.length) <= mostEdits)
    .map((name) => ({ name, distance: editDistance(text, name) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= mostEdits ? best.name : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (older[j - 2] ?? Infinity) + 1 : Infinity;
      row.push(Math.min(replaced, swapped, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    older = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
