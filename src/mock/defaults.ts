import { randomInt } from 'node:crypto';
import type { MockConfig } from './config.ts';

/** What a server does where nobody says otherwise; what it serves, and to whom it publishes, is the caller's. */
export function mockDefaults(): Omit<MockConfig, 'site' | 'hub'> {
  return {
    host: '127.0.0.1',
    port: 0,
    heartbeatMs: 15_000,
    retryMs: undefined,
    faults: [],
    seed: randomInt(2 ** 31),
    splitGapMs: 5,
    fixed: false,
    onLostId: 'oldest',
    auth: undefined,
    limit: undefined,
    cors: '*',
    maxPayloadBytes: 1024 ** 2,
    maxPublishRate: undefined,
    maxStalledBytes: 1024 ** 2,
    compress: undefined,
    observer: {},
  };
}
