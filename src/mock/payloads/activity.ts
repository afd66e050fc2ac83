import { pick, type Random, wholeNumber } from '../../stats/random.ts';
import type { PayloadGenerator } from './payload.ts';
import { USER_IDS } from './people.ts';

export interface Activity {
  userId: string;
  action: string;
  resource: string;
  /** Milliseconds since the epoch. */
  timestamp: number;
}

interface Doing {
  action: string;
  resource(random: Random): string;
}

const order = (random: Random) => `orders/${wholeNumber(random, 1_000, 9_999)}`;
const document = (random: Random) =>
  `documents/${pick(random, ['roadmap', 'invoice-7', 'minutes', 'größen'])}`;
const ticket = (random: Random) => `tickets/${wholeNumber(random, 100, 999)}`;

const DOINGS: readonly Doing[] = [
  { action: 'created', resource: order },
  { action: 'shipped', resource: order },
  { action: 'cancelled', resource: order },
  { action: 'viewed', resource: document },
  { action: 'edited', resource: document },
  { action: 'shared', resource: document },
  { action: 'opened', resource: ticket },
  { action: 'commented', resource: ticket },
  { action: 'closed', resource: ticket },
];

/** Who did what to what, drawn. */
export const activity: PayloadGenerator<Activity> = (_, nowMs, random) => {
  const { action, resource } = pick(random, DOINGS);
  return { userId: pick(random, USER_IDS), action, resource: resource(random), timestamp: nowMs };
};
