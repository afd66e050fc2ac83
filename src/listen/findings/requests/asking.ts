import type { StreamRequest } from '../../../client/request.ts';
import type { FindingKind } from '../finding.ts';
import type { ExtraAnswer, ExtraRequest } from './extra-request.ts';
import type { SeenIds } from './seen-ids.ts';

/** What a check with requests of its own works with. */
export interface Asking {
  /** As the run has sent it. */
  request: StreamRequest;
  /** Of the run's own streams. */
  seen: SeenIds;
  /** @returns nothing where the server is too busy for more requests, or the run was interrupted: then nothing can be said */
  ask(request: ExtraRequest): Promise<ExtraAnswer | undefined>;
  report(kind: FindingKind, message: string): void;
}
