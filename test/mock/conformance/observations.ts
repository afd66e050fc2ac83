import type { ConformanceCase } from '../../../src/mock/conformance/case.ts';
import type { Observed, ObservedRequest, ReportedEvent } from '../../../src/mock/conformance/observed.ts';
import type { Verdict } from '../../../src/mock/conformance/verdict.ts';

/** A request as a test wants it to have come. */
export interface Fabricated {
  /** Since the answer to the one before it was ended, milliseconds. Default 105. */
  after?: number;
  /** `Last-Event-ID`. */
  id?: string | Uint8Array;
  target?: string;
  accept?: string;
  cacheControl?: string;
  /** Its answer is still open. */
  open?: boolean;
}

const STREAM_MS = 5;

export function observe(requests: readonly Fabricated[], more: Partial<Observed> = {}): Observed {
  return {
    requests: fabricate(requests),
    events: undefined,
    closed: false,
    over: false,
    patienceMs: 2_300,
    usualWaitMs: 105,
    ...more,
  };
}

export function fabricate(requests: readonly Fabricated[]): ObservedRequest[] {
  let now = 1_000;
  return requests.map(({ after = 105, id, target = '/', accept, cacheControl, open = false }) => {
    const atMs = now + after;
    now = atMs + STREAM_MS;
    return {
      atMs,
      method: 'GET',
      target,
      accept,
      cacheControl,
      lastEventId: id === undefined ? undefined : Buffer.from(id as string),
      userAgent: undefined,
      ...(open ? {} : { endedMs: now }),
    };
  });
}

/** Events as an adapter reports them: a text stands for a `message`. */
export function handed(...events: readonly (string | ReportedEvent)[]): ReportedEvent[] {
  return events.map((event) => (typeof event === 'string' ? { event: 'message', data: event } : event));
}

/** What a case makes of what was seen: the verdict on one of its requirements. */
export function judge(
  { requirements }: ConformanceCase,
  id: string,
  observed: Observed,
): Verdict | undefined {
  const requirement = requirements.find((each) => each.id === id);
  if (requirement === undefined) throw new Error(`the case has no requirement ${id}`);
  return requirement.judge(observed);
}

/** As {@link judge}, in short. */
export function outcome(conformanceCase: ConformanceCase, id: string, observed: Observed): string {
  return judge(conformanceCase, id, observed)?.outcome ?? 'undecided';
}
