/** At most so many characters of a text, the last one `…` where there are more; cut once, it stays as it is. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`;
}
