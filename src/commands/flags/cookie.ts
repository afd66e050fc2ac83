import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import { parseHeaderValue } from './headers.ts';

/** `-b 'name=value; …'`; without an equals sign curl takes it for a cookie file, which we have no use for. */
export function parseCookie(text: string): string {
  if (text === '') return text;
  if (!text.includes('=')) {
    throw new InvalidValue(
      `${quoted(text)} would be a cookie file, and those are not read`,
      "Write the cookies themselves: -b 'name=value; other=value'.",
    );
  }
  return parseHeaderValue(text, 'Cookie');
}
