import type { JoinWhat } from '../../listen/options.ts';
import { InvalidValue } from '../../notation/invalid-value.ts';
import { compilePath } from '../../notation/json-path.ts';
import { nearestName } from '../../notation/nearest-name.ts';
import { Flag } from './flag.ts';

/** The flags of joined text as parsed. */
export interface JoinFlags {
  join?: JoinWhat;
}

const FORMATS = ['openai', 'openai-responses', 'anthropic', 'gemini', 'ai-token'] as const;
const WORDS = ['auto', ...FORMATS] as const;

export function joinFlags(): Flag[] {
  const group = 'Output:';
  return [
    new Flag(
      '--join <what>',
      `print the text of an LLM stream as it comes: ${WORDS.join(', ')}, or the path of the text`,
      {
        group,
        words: WORDS,
        parse: parseJoin,
      },
    ),
  ];
}

function parseJoin(text: string): JoinWhat {
  if (text === 'auto') return { kind: 'auto' };
  const name = FORMATS.find((format) => format === text);
  if (name !== undefined) return { kind: 'format', name };
  const meant = /^[\w-]+$/.test(text) ? nearestName(text.toLowerCase(), WORDS) : undefined;
  if (meant !== undefined) {
    throw new InvalidValue(
      `"${text}" is no format`,
      `Did you mean ${meant}? The path of a member of that name is .${text}`,
    );
  }
  compilePath(text);
  return { kind: 'path', path: text };
}
