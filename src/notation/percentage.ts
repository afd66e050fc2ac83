import { InvalidValue, quoted } from './invalid-value.ts';

/** `1%`, `0.5%`, `100%`, as a share of 1. */
export function parsePercentage(text: string): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*%$/.exec(text.trim());
  if (match === null) {
    throw new InvalidValue(`${quoted(text)} is not a percentage`, 'Write a number up to 100: 1%, 0.5%.');
  }
  const share = Number(match[1]) / 100;
  if (share > 1) throw new InvalidValue(`${quoted(text)} is too large: at most 100%`);
  return share;
}
