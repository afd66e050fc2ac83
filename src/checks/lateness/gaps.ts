/** How far each is from the one before: one fewer than there are. */
export function gapsOf(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - (values[index] ?? value));
}
