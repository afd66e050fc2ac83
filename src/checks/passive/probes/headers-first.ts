import type { Measured } from '../../../results/check/result.ts';
import { durationText, tenthsOf } from '../../duration.ts';
import { quantile } from '../../lateness/bursts.ts';
import { NotMeasurable } from '../../not-measurable.ts';
import type { Observation } from '../../observation/observation.ts';
import { NEEDS_ORIGIN, type PassiveJudgement, type PassiveProbe } from '../passive-probe.ts';
import { endedByItself, endMs, sinceSent, streamsOf, type WaySeen } from '../stream-seen.ts';

/** A head is at once up to here: later than directly, and where nobody has looked there, than the network takes. */
const SOON_MS = 250;
/** What comes so soon behind the head came with it. */
const TOGETHER_MS = 20;
/** Nobody who streams sends so many events at once, and nothing else. */
const MANY = 5;
/** What takes a client to read them, and to hear of the end. */
const AT_ONCE_MS = 100;

export const headersFirst: PassiveProbe = {
  id: 'headers-first',
  title: 'the head of an answer arrives before its first event',
  requirement: `The head of an answer comes at once, or no more than ${SOON_MS} ms later than directly; later than that it does not wait for the first bytes of the body.`,
  enoughMs: 2 * SOON_MS,
  judge({ proxied, direct }) {
    const [through, straight] = [headsOf(proxied), direct && headsOf(direct)];
    const figures = { direct: measured(straight), proxied: measured(through), runs: through.length };
    const lateMs =
      straight === undefined
        ? Math.max(0, medianMs(through) - roundTripMs(proxied))
        : medianMs(through) - medianMs(straight);
    if (through.every(({ headMs }) => headMs === null)) {
      return failed(
        figures,
        `no head came in ${durationText(endMs(proxied.plain))}; directly it comes in ${durationText(medianMs(straight ?? []))}`,
        lateMs,
      );
    }
    const together = through.every((head) => aheadMs(head) < TOGETHER_MS);
    if (through.some((head) => aheadMs(head) >= SOON_MS) || lateMs < SOON_MS) {
      return {
        ...figures,
        status: 'pass',
        summary: passText(through, straight, together),
        evidence: [{ k: 'headLateMs', v: Math.max(0, Math.round(straight === undefined ? 0 : lateMs)) }],
      };
    }
    const came = `the head came together with the first bytes of the body, ${durationText(lateMs)}`;
    if (!together) {
      throw new NotMeasurable(
        `the head came ${durationText(lateMs)} late, and sometimes before the body: whether it waits for it can not be told: ${NEEDS_ORIGIN}`,
      );
    }
    const whole = wholeAtOnce(proxied);
    if (straight === undefined && whole !== undefined) {
      return {
        ...failed(
          figures,
          `all of the answer came at once, ${whole} events and the end, ${durationText(lateMs)} after the request: an application does so that makes all of it before it sends any, or a proxy held it until its end: --direct URL tells which`,
          lateMs,
        ),
        ...{ status: 'warn', fault: 'buffer.until-end' },
      };
    }
    if (straight !== undefined)
      return failed(figures, `${came} later than directly: until then a client is still connecting`, lateMs);
    return {
      ...failed(
        figures,
        `${came} after the request: either a proxy holds it back until then, or the application sends it with its first event (in Node, res.flushHeaders() sends it at once): --direct URL tells which`,
        lateMs,
      ),
      status: 'warn',
    };
  },
};

function passText(
  through: readonly Head[],
  straight: readonly Head[] | undefined,
  together: boolean,
): string {
  const ahead = Math.max(...through.map(aheadMs));
  if (ahead >= SOON_MS) return `the head came ${durationText(ahead)} before the first byte of the body`;
  const when = `${durationText(medianMs(through))} after the request`;
  const body = together ? ', with the first bytes of the body' : '';
  if (straight === undefined) return `the head came at once, ${when}${body}: nothing waits`;
  const alike = straight.every((head) => aheadMs(head) < TOGETHER_MS) && medianMs(straight) >= SOON_MS;
  const whose = alike ? ', as there: the application sends it no sooner' : '';
  return `the head came no later than directly, ${when}${body}${whose}`;
}

/** From the first packet of a connection to the answer to it: no head comes sooner. Nothing is known of connections that stood already. */
function roundTripMs(way: WaySeen): number {
  const times = streamsOf(way).flatMap(({ startedAt, end }) => {
    const { dns = startedAt, tcp } = end?.info.marks ?? {};
    return tcp === undefined ? [] : [tcp - dns];
  });
  return times.length === 0 ? 0 : quantile(times, 0.5);
}

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

/** How many events came together with the head and with the end, in each of the streams; nothing where one was not so. */
function wholeAtOnce(way: WaySeen): number | undefined {
  const counts = streamsOf(way).map((seen) => {
    const heldMs = endMs(seen) - (firstByteMs(seen) ?? 0);
    return endedByItself(seen) && heldMs < AT_ONCE_MS ? seen.events.length : 0;
  });
  const fewest = Math.min(...counts);
  return fewest >= MANY ? fewest : undefined;
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
