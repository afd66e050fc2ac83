import { inTurn, type PayloadGenerator } from './payload.ts';

export interface AiToken {
  /** Empty on the one that says `done`. */
  token: string;
  /** The answer is whole. */
  done: boolean;
  messageId: string;
}

/** Each ends with the empty token that says it is done. */
const ANSWERS: readonly [readonly string[], ...(readonly string[])[]] = [
  ['An ', 'event ', 'stream ', 'is ', 'plain ', 'text ', 'that ', "doesn't ", 'end', '.', ''],
  ['A ', 'blank ', 'line ', 'ends ', 'the ', 'event', ': ', 'off ', 'it ', 'goes 🚀', '.', ''],
  [
    'Set ',
    'an ',
    'id',
    ', ',
    'and ',
    'the ',
    'client ',
    'can ',
    'resume',
    ', ',
    'naïve ',
    'or ',
    'not',
    '.',
    '',
  ],
  ['Comments ', 'keep ', 'a ', 'quiet ', 'stream ', 'alive ', 'behind ', 'a ', 'proxy', '.', ''],
  [
    'Three ',
    'things ',
    'to ',
    'check',
    ':\n\n',
    '1. ',
    '`retry:` ',
    'is ',
    'honoured',
    '\n',
    '2. ',
    '`204` ',
    'stops ',
    'it',
    '\n',
    '3. ',
    'nothing ',
    'buffers',
    '',
  ],
];

/** One answer after the other, a token an event; the last of each is empty and `done`. */
export const aiToken: PayloadGenerator<AiToken> = (n) => {
  const { item, index, turn } = inTurn(n, ANSWERS);
  return { token: item[index] ?? '', done: index === item.length - 1, messageId: `msg-${turn + 1}` };
};
