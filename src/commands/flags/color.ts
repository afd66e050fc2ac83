import { parseChoice } from '../../notation/choice.ts';
import { Flag } from './flag.ts';

export type ColorWhen = 'auto' | 'always' | 'never';

const COLORS = ['auto', 'always', 'never'] as const;

export function colorFlags(group: string): Flag[] {
  return [
    new Flag('--color <when>', 'auto, always or never', {
      group,
      words: COLORS,
      parse: (text) => parseChoice(text, COLORS),
    }),
    new Flag('--no-color', 'the same as --color never', { group }),
  ];
}

/** The flag, else what the environment asks for (no-color.org, force-color.org), else the terminal decides. */
export function colorWhen(flag: ColorWhen | boolean | undefined, env: NodeJS.ProcessEnv): ColorWhen {
  if (flag === false) return 'never';
  if (typeof flag === 'string' && flag !== 'auto') return flag;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced === '0' || forced === 'false' ? 'never' : 'always';
  if ((env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb') return 'never';
  return 'auto';
}
