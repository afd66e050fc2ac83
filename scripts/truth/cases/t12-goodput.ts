import { against } from '../against-server.ts';
import { type Check, exactly, says, trusted } from '../check.ts';
import type { ServedAttempt } from '../script.ts';
import { chunk, event, HEAD, LAST_CHUNK, refusal, type Script, type Step, type Turn } from '../script.ts';
import type { Say, TruthCase } from '../truth-case.ts';

/** What becomes of a tenth of the streams, and which limits that breaks. */
interface Fate {
  words: string;
  script: Script;
  breaks: readonly Limit[];
  /** It never has an event: of no use, but by the end of the run no limit on gaps was broken either. */
  undecidedWithout?: Limit;
}

type Limit = 'first_event' | 'gap' | 'never';

const FIRST_EVENT_MS = 500;
const GAP_MS = 1_000;
/** Far from each limit, as is every other time. */
const SOON_MS = 100;
const RETRY_MS = 100;

const OPENING: Step = { name: 'headers', afterMs: 0, write: HEAD + chunk(`retry: ${RETRY_MS}\n\n`) };

function events(...afterMs: readonly number[]): Step[] {
  return afterMs.map((each, index) => ({ name: 'event', afterMs: each, write: event(index + 1) }));
}

/** An event each so often until the run is over. */
const ON_AND_ON = new Array<number>(15).fill(300);

const GOOD: Turn = [OPENING, ...events(SOON_MS, ...ON_AND_ON)];

const FATES: readonly Fate[] = [
  { words: 'good', script: [GOOD], breaks: [] },
  { words: 'good, too', script: [GOOD], breaks: [] },
  {
    words: 'ends in order, and is soon back',
    script: [
      [OPENING, ...events(SOON_MS, 200), { name: 'end', afterMs: 50, write: LAST_CHUNK, and: 'finish' }],
      GOOD,
    ],
    breaks: [],
  },
  {
    words: 'comments keep it company',
    script: [
      [
        OPENING,
        ...events(SOON_MS, 300).flatMap((step) => [
          step,
          { name: 'comment', afterMs: 50, write: chunk(': \n\n') },
        ]),
        ...events(...ON_AND_ON),
      ],
    ],
    breaks: [],
  },
  {
    words: 'its first event is late',
    script: [[OPENING, ...events(2 * FIRST_EVENT_MS, ...ON_AND_ON)]],
    breaks: ['first_event'],
  },
  {
    words: 'one gap is long',
    script: [[OPENING, ...events(SOON_MS, 300, GAP_MS + 300, ...ON_AND_ON)]],
    breaks: ['gap'],
  },
  {
    words: 'falls silent',
    script: [[OPENING, ...events(SOON_MS, 300, 300)]],
    breaks: ['gap'],
  },
  {
    words: 'is reset, and soon back',
    script: [[OPENING, ...events(SOON_MS, 200), { name: 'end', afterMs: 50, and: 'reset' }], GOOD],
    breaks: ['gap'],
  },
  {
    words: 'never has an event',
    script: [[OPENING, { name: 'comment', afterMs: SOON_MS, write: chunk(': \n\n') }]],
    breaks: ['first_event'],
    undecidedWithout: 'first_event',
  },
  {
    words: 'is never let in',
    script: [[{ name: 'refusal', afterMs: 0, write: refusal('404'), and: 'finish' }]],
    breaks: ['never'],
  },
];

/** The limits of a rule, and the words of it. */
interface Rule {
  text: string;
  limits: readonly Limit[];
}

export const BOTH: Rule = {
  text: `first_event<${FIRST_EVENT_MS}ms,gap<${GAP_MS}ms`,
  limits: ['first_event', 'gap', 'never'],
};
const FIRST_EVENT: Rule = { text: `first_event<${FIRST_EVENT_MS}ms`, limits: ['first_event', 'never'] };
const GAP: Rule = { text: `gap<${GAP_MS}ms`, limits: ['gap', 'never'] };

interface Load {
  /** Of each fate as many. */
  streams: number;
  rampUpMs: number;
  seconds: number;
}

const FULL: Load = { streams: 200, rampUpMs: 1_000, seconds: 4 };

export const t12: TruthCase = {
  id: 'T12',
  title: 'streams of known fates: goodput counts just those that kept the rule',
  run: async (say: Say) => {
    const checks: Check[] = [];
    for (const rule of [BOTH, FIRST_EVENT, GAP]) {
      say(rule.text);
      checks.push(...(await goodput(rule, FULL)));
    }
    return checks;
  },
};

export async function goodput(rule: Rule, { streams, rampUpMs, seconds }: Load): Promise<Check[]> {
  const holds = 'goodput > 99%';
  const { result, served } = await against(
    { scripts: FATES.map(({ script }) => script), transport: 'http' },
    {
      streams,
      load: [
        ...['-c', `${streams}`, '--ramp-up', `${rampUpMs}ms`, '--for', `${seconds}s`],
        // Nobody comes in place of those that were refused before the end.
        ...['--retry-delay', `${3 * seconds}s`],
        ...['--goodput', rule.text, '--threshold', holds],
      ],
    },
  );
  const { good, of } = expectedOf(rule, served);
  const [judged] = result.thresholds;
  const checks = [
    exactly('streams started', streams, result.counts.started),
    exactly('streams that kept it', good, result.goodput?.good),
    exactly('of so many', of, result.goodput?.of),
    says(
      holds,
      `${percent(good / of)} fails`,
      `${percent((judged?.seen ?? 0) / 100)} ${judged?.pass ? 'holds' : 'fails'}`,
    ),
    trusted(result.verdict),
  ];
  return checks.map((check) => ({ ...check, what: `${rule.text}: ${check.what}` }));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function expectedOf({ limits }: Rule, served: readonly ServedAttempt[]): { good: number; of: number } {
  const decided = served
    .filter(({ attempt }) => attempt === 0)
    .map(({ stream }) => FATES[stream % FATES.length] as Fate)
    .filter(({ undecidedWithout: limit }) => limit === undefined || limits.includes(limit));
  const good = decided.filter(({ breaks }) => !breaks.some((limit) => limits.includes(limit)));
  return { good: good.length, of: decided.length };
}
