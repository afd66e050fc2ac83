import { InvalidValue, quoted } from './invalid-value.ts';

const SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** `100/s`, `6000/m`, in units a second. */
export function parseRate(text: string): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*\/\s*([smh])$/i.exec(text.trim());
  if (match === null) {
    throw new InvalidValue(
      `${quoted(text)} is not a rate`,
      'Write a number per second, minute or hour: 100/s, 6000/m.',
    );
  }
  const unit = (match[2] ?? 's').toLowerCase() as keyof typeof SECONDS;
  const perSecond = Number(match[1]) / SECONDS[unit];
  if (perSecond === 0) throw new InvalidValue(`${quoted(text)} is too small: it must be above zero`);
  return perSecond;
}
