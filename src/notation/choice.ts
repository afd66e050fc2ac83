import { InvalidValue, quoted } from './invalid-value.ts';

/** One of the words that a flag knows. */
export function parseChoice<T extends string>(text: string, choices: readonly T[]): T {
  const found = choices.find((each) => each === text);
  if (found === undefined) {
    throw new InvalidValue(`${quoted(text)} is not known`, `Write one of: ${choices.join(', ')}.`);
  }
  return found;
}

/** A comma list of such words; each counts once. */
export function parseChoices<T extends string>(text: string, choices: readonly T[]): readonly T[] {
  return [...new Set(text.split(',').map((each) => parseChoice(each.trim(), choices)))];
}
