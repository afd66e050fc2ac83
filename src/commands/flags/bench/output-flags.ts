import { parseChoice } from '../../../notation/choice.ts';
import { type ColorWhen, colorFlags } from '../color.ts';
import { parseOutputName } from '../files.ts';
import { Flag } from '../flag.ts';
import { outputFlag, type ResultOutput } from '../output-flag.ts';

export interface BenchOutputFlags {
  dryRun?: boolean;
  calibrate?: boolean;
  format?: 'text' | 'json';
  output?: ResultOutput[];
  samples?: string;
  silent?: boolean;
  showSecrets?: boolean;
  color?: ColorWhen | false;
  config?: string;
  curl?: boolean;
  mask?: boolean;
}

const OUTPUT = 'Output:';

const FORMATS = ['text', 'json'] as const;

export function benchOutputFlags(): Flag[] {
  const group = OUTPUT;
  return [
    new Flag('--calibrate', 'the same load on an embedded server of known timing: what this machine adds', {
      group,
    }),
    new Flag('--dry-run', 'show the plan and whether this machine can do it; connect to nothing', { group }),
    new Flag('--format <format>', 'of the result on standard output: text or json (text)', {
      group,
      words: FORMATS,
      parse: (text) => parseChoice(text, FORMATS),
    }),
    outputFlag(group, 'bench'),
    new Flag('-s, --silent', 'no line of progress, no notes', { group }),
    new Flag('--show-secrets', 'show credentials instead of •••', { group, guarded: true }),
    ...colorFlags(group),
    new Flag('--samples <file>', 'every value that was measured, for a proof of the figures', {
      group,
      hidden: true,
      guarded: true,
      parse: parseOutputName,
    }),
    // Of a pasted line of curl.
    new Flag('-i, --include', 'accepted, without effect', { group, hidden: true }),
    new Flag('-v, --verbose', 'accepted, without effect', { group, hidden: true }),
  ];
}
