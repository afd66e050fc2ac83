import type { Random } from '../../stats/random.ts';
import { activity } from './activity.ts';
import { aiToken } from './ai-token.ts';
import { connected } from './connected.ts';
import { failure } from './failure.ts';
import { notification } from './notification.ts';
import type { PayloadGenerator } from './payload.ts';
import { progress } from './progress.ts';

/** Payloads by the type of the event that carries them. */
export const PAYLOADS = {
  notification,
  activity,
  progress,
  'ai:token': aiToken,
  connected: (_, nowMs, random) => connected(`client-${hex(random)}`, nowMs),
  error: failure,
} satisfies Record<string, PayloadGenerator>;

export type PayloadName = keyof typeof PAYLOADS;

function hex(random: Random): string {
  return Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}
