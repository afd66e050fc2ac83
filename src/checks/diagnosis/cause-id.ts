/** Whose cause it is: the first part of its id. */
export function productOf(causeId: string): string {
  return causeId.slice(0, causeId.indexOf('.'));
}
