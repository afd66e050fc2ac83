import type { SparseCells } from './cells.ts';

/**
 * The cell of a quantile where some values were cut short, and all that is known of them is that they were at least so
 * long (Kaplan and Meier 1958): a value weighs for as long as it was seen. Without such values it is the cell of the
 * ordinary quantile, the value of rank ⌈q · n⌉.
 *
 * @param whole values that were seen to their end
 * @param cut those that were cut short; one in the cell of a whole value was still under way then
 * @returns nothing where the quantile lies beyond the last whole value
 */
export function quantileCell(whole: SparseCells, cut: SparseCells, q: number): number | undefined {
  let atRisk = countIn(whole) + countIn(cut);
  let survival = 1;
  let nextCut = 0;
  for (let at = 0; at + 1 < whole.length; at += 2) {
    const index = whole[at] as number;
    const count = whole[at + 1] as number;
    for (; nextCut + 1 < cut.length && (cut[nextCut] as number) < index; nextCut += 2) {
      atRisk -= cut[nextCut + 1] as number;
    }
    survival *= 1 - count / atRisk;
    atRisk -= count;
    // Products of fractions end a few units in the last place away from the share they stand for.
    if (survival <= 1 - q + 1e-9) return index;
  }
  return undefined;
}

function countIn(cells: SparseCells): number {
  let sum = 0;
  for (let at = 1; at < cells.length; at += 2) sum += cells[at] as number;
  return sum;
}
