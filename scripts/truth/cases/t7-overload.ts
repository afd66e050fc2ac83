import { against } from '../against-server.ts';
import { type Check, has, says } from '../check.ts';
import { chunk, HEAD, ONE_EVENT, type Script } from '../script.ts';
import type { Say, TruthCase } from '../truth-case.ts';

/** Events enough that the server's share of the work is small. */
const PIECE = chunk(
  Array.from({ length: 1_000 }, (_, n) => `id: ${n}\ndata: {"n":${n},"text":"0123456789"}\n\n`).join(''),
);

const POURING: Script = [
  [
    { name: 'headers', afterMs: 0, write: HEAD },
    { name: 'pour', afterMs: 0, write: PIECE, and: 'pour' },
  ],
];

export const t7: TruthCase = {
  id: 'T7',
  title: 'more load than one core can drive: invalid, and for the right reason',
  run: async (say) => [...(await tooManyEvents(say)), ...(await tooManyStarts(say))],
};

/** One worker is sent more events than it can read. */
async function tooManyEvents(say: Say): Promise<Check[]> {
  say('more events than a core can read');
  const { result, exitCode } = await against(POURING, {
    streams: 50,
    load: ['-c', '50', '--ramp-up', '1s', '--for', '7s', '--workers', '1'],
  });
  return invalid('more events than a core can read', 'generator-saturated', result, exitCode);
}

/** One worker is to start more streams than it can. */
async function tooManyStarts(say: Say): Promise<Check[]> {
  say('more starts than a core can make');
  const { result, exitCode } = await against(ONE_EVENT, {
    streams: 1_000,
    load: ['-r', '20000/s', '--for', '3s', '--stream-for', '100ms', '--reconnect', 'none', '--workers', '1'],
  });
  return invalid('more starts than a core can make', 'load-not-delivered', result, exitCode);
}

function invalid(
  what: string,
  code: string,
  { verdict }: { verdict: { status: string; reasons: readonly { code: string }[] } },
  exitCode: number | null,
): Check[] {
  return [
    says(`${what}: verdict`, 'INVALID', verdict.status),
    has(
      `${what}: a reason`,
      code,
      verdict.reasons.map((reason) => reason.code),
    ),
    says(`${what}: exit code`, '13', String(exitCode)),
  ];
}
