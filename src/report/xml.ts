import { escapeInline } from './escape.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** XML 1.0 has no way to write most control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
export function escapeXml(text: string): string {
  return escapeInline(text)
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** Attributes of an element, each with the space before it. */
export function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}

/** A time as the schema of JUnit has it: UTC, without a zone. */
export function junitTime(iso: string): string {
  return iso.replace(/\.\d+Z$/, '');
}

/** A length of time as JUnit has it: seconds with three decimals. */
export function junitSeconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

/** The whole file around its suites. */
export function junitFile(suites: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites}</testsuites>\n`;
}
