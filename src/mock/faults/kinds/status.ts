import { STATUS_CODES } from 'node:http';
import { parseCount } from '../../../notation/count.ts';
import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';
import type { FaultKind } from '../kind.ts';

/** Answers that have no body (RFC 9110 §15). */
const BODILESS = [204, 205, 304];

export const status: FaultKind<number> = {
  name: 'status',
  meaning: 'another status than 200, with a JSON body {"error": …}; no stream',
  scope: 'head',
  value: { label: 'CODE', example: '503', parse: parseStatus },
  change(head, code) {
    head.status = code;
    if (BODILESS.includes(code)) {
      delete head.headers['content-type'];
      head.body = '';
      return;
    }
    head.headers['content-type'] = 'application/json';
    head.body = `${JSON.stringify({ error: STATUS_CODES[code] ?? `status ${code}` })}\n`;
  },
};

function parseStatus(text: string): number {
  const code = parseCount(text, 200);
  if (code > 599)
    throw new InvalidValue(`${quoted(text)} is no status of an answer`, 'Write one from 200 to 599.');
  return code;
}
