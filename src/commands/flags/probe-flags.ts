import { Flag } from './flag.ts';
import { parseTokenFlag, type TokenFlag } from './probe-token.ts';

/** The flags of `serve-mock --probe` as parsed. */
export interface ProbeFlags {
  probe?: boolean;
  probeToken?: TokenFlag;
}

const PROBE = 'Origin of check-proxy:';

export function probeFlags(): Flag[] {
  const group = PROBE;
  return [
    new Flag('--probe', 'be the origin that check-proxy --remote-origin measures with', {
      group,
      guarded: true,
    }),
    new Flag(
      '--probe-token <token>',
      'TOKEN or @FILE, who knows it is served (default: drawn, and printed)',
      {
        group,
        guarded: true,
        parse: parseTokenFlag,
      },
    ),
  ];
}
