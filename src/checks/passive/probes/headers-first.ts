import type { Measured } from '../../../results/check/result.ts';
import { quantile } from '../../bursts.ts';
import { durationText, tenthsOf } from '../../duration.ts';
import { NotMeasurable } from '../../not-measurable.ts';
import type { Observation } from '../../observation.ts';
import { NEEDS_ORIGIN, type PassiveJudgement, type PassiveProbe } from '../passive-probe.ts';
import { endMs, sinceSent, streamsOf, type WaySeen } from '../stream-seen.ts';

/** The head is to be there so long before a body that is silent. */
const SOON_MS = 250;
/** What comes so soon behind the head came with it. */
const TOGETHER_MS = 20;

export const headersFirst: PassiveProbe = {
  id: 'headers-first',
  title: 'the head of an answer arrives before its first event',
  requirement: `The head of an answer comes no more than ${SOON_MS} ms later than directly, and does not wait for the first bytes of the body.`,
  judge({ proxied, direct }) {
    const [through, straight] = [headsOf(proxied), direct && headsOf(direct)];
    const figures = { direct: measured(straight), proxied: measured(through), runs: through.length };
    const lateMs = medianMs(through) - (straight === undefined ? 0 : medianMs(straight));
    if (through.every(({ headMs }) => headMs === null)) {
      return failed(
        figures,
        `no head came in ${durationText(endMs(proxied.plain))}; directly it comes in ${durationText(medianMs(straight ?? []))}`,
        lateMs,
      );
    }
    if (through.some((head) => aheadMs(head) >= SOON_MS)) {
      const ahead = Math.max(...through.map(aheadMs));
      return {
        ...figures,
        status: 'pass',
        summary: `the head came ${durationText(ahead)} before the first byte of the body`,
        evidence: [{ k: 'headLateMs', v: Math.max(0, Math.round(straight === undefined ? 0 : lateMs)) }],
      };
    }
    const together = through.every((head) => aheadMs(head) < TOGETHER_MS);
    if (lateMs >= SOON_MS && together) {
      const with_ = `the head came together with the first bytes of the body, ${durationText(lateMs)}`;
      return straight === undefined
        ? {
            ...failed(
              figures,
              `${with_} after the request: either a proxy holds it back until then, or the application sends it with its first event (in Node, res.flushHeaders() sends it at once): --direct URL tells which`,
              lateMs,
            ),
            status: 'warn',
          }
        : failed(figures, `${with_} later than directly: until then a client is still connecting`, lateMs);
    }
    if (straight?.some((head) => aheadMs(head) >= SOON_MS)) {
      return { ...figures, status: 'pass', summary: `the head came no later than directly`, evidence: [] };
    }
    throw new NotMeasurable(
      `the body began ${durationText(medianMs(through))} after the request, too soon to tell whether the head waits for it: ${NEEDS_ORIGIN}`,
    );
  },
};

function failed(
  figures: Pick<PassiveJudgement, 'direct' | 'proxied' | 'runs'>,
  summary: string,
  lateMs: number,
): PassiveJudgement {
  return {
    ...figures,
    status: 'fail',
    fault: 'buffer.headers',
    summary,
    evidence: [{ k: 'headLateMs', v: Math.round(lateMs) }],
  };
}

interface Head {
  headMs: number | null;
  /** The first byte of the body, or when none had come. */
  bodyMs: number;
}

function headsOf(way: WaySeen): Head[] {
  return streamsOf(way).map((seen) => ({
    headMs: seen.head === undefined ? null : sinceSent(seen, seen.head.at),
    bodyMs: firstByteMs(seen) ?? endMs(seen),
  }));
}

/** When the first byte of the body came, from when it was asked for. */
export function firstByteMs(seen: Observation): number | undefined {
  return seen.reads[0] === undefined ? undefined : sinceSent(seen, seen.reads[0].at);
}

/** Below nothing where no head came. */
function aheadMs({ headMs, bodyMs }: Head): number {
  return headMs === null ? -1 : bodyMs - headMs;
}

function medianMs(heads: readonly Head[]): number {
  return quantile(
    heads.map(({ headMs, bodyMs }) => headMs ?? bodyMs),
    0.5,
  );
}

function measured(heads: readonly Head[] | undefined): Measured {
  if (heads === undefined) return {};
  const came = heads.filter(({ headMs }) => headMs !== null);
  if (came.length === 0) return { headMs: null };
  return {
    headMs: tenthsOf(medianMs(came)),
    firstByteMs: tenthsOf(
      quantile(
        came.map(({ bodyMs }) => bodyMs),
        0.5,
      ),
    ),
  };
}
