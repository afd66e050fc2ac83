import { pick, type Random, wholeNumber } from '../../stats/random.ts';
import type { PayloadGenerator } from './payload.ts';
import { USER_IDS } from './people.ts';

export interface Notification {
  id: string;
  type: 'info' | 'warning' | 'error';
  title: string;
  body: string;
  /** Milliseconds since the epoch. */
  timestamp: number;
}

interface Occasion {
  type: Notification['type'];
  title: string;
  body(random: Random): string;
}

const SERVICES = ['checkout', 'search', 'billing', 'profile', 'mail'] as const;

/** In an order that shows each type early. */
const OCCASIONS: readonly Occasion[] = [
  {
    type: 'info',
    title: 'Deployment started',
    body: (random) => `${pick(random, SERVICES)} is going out to ${wholeNumber(random, 2, 6)} regions`,
  },
  {
    type: 'warning',
    title: 'Slow query',
    body: (random) => `${pick(random, SERVICES)} took ${wholeNumber(random, 800, 4_000)} ms`,
  },
  {
    type: 'info',
    title: 'New comment',
    body: (random) => `${pick(random, USER_IDS)} answered on order ${wholeNumber(random, 1_000, 9_999)}`,
  },
  {
    type: 'error',
    title: 'Payment failed',
    body: (random) => `Order ${wholeNumber(random, 1_000, 9_999)}: the card was declined`,
  },
  {
    type: 'info',
    title: 'Export ready',
    body: (random) => `${wholeNumber(random, 120, 9_800)} rows, kept for 24 hours`,
  },
  {
    type: 'warning',
    title: 'Disk is filling up',
    body: (random) => `${pick(random, SERVICES)}: ${wholeNumber(random, 85, 97)} % used`,
  },
  {
    type: 'info',
    title: 'Invitation accepted',
    body: (random) => `${pick(random, USER_IDS)} joined the team`,
  },
  {
    type: 'info',
    title: 'Deployment finished',
    body: (random) =>
      `${pick(random, SERVICES)} is live: version 4.${wholeNumber(random, 0, 30)}.${wholeNumber(random, 0, 9)}`,
  },
  {
    type: 'error',
    title: 'Webhook undeliverable',
    body: (random) => `Answered ${pick(random, [500, 502, 503])}, given up after 5 attempts`,
  },
  {
    type: 'info',
    title: 'Price updated',
    body: (random) => `Café crème now costs ${wholeNumber(random, 2, 4)},${wholeNumber(random, 1, 9)}0 €`,
  },
];

/** What a user is told: of all three types, titles in turn, details drawn. */
export const notification: PayloadGenerator<Notification> = (n, nowMs, random) => {
  const { type, title, body } = OCCASIONS[(n - 1) % OCCASIONS.length] as Occasion;
  return { id: `ntf-${n}`, type, title, body: body(random), timestamp: nowMs };
};
