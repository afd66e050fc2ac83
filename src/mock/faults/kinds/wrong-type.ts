import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';
import type { FaultKind } from '../kind.ts';

const NONE = 'none';

/** A media type, with parameters or without (RFC 9110 §8.3.1). */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;[\x20-\x7e]*)?$/;

export const wrongType: FaultKind<string> = {
  name: 'wrong-type',
  meaning: 'the stream says that it is something else; none: it says nothing of its type',
  scope: 'head',
  value: { label: 'TYPE', example: 'text/html', fallback: 'text/plain', parse: parseType },
  change(head, type) {
    if (type === NONE) delete head.headers['content-type'];
    else head.headers['content-type'] = type;
  },
};

function parseType(text: string): string {
  if (text === NONE || MEDIA_TYPE.test(text)) return text;
  throw new InvalidValue(`${quoted(text)} is no media type`, 'Write one such as text/html, or none.');
}
