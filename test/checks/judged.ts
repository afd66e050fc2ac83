import type { Judgement, Probe } from '../../src/checks/probe.ts';
import type { Checking } from './checking.ts';

/** What a probe comes to, measured along both ways. */
export async function judged(probe: Probe, { direct, proxied, context }: Checking): Promise<Judgement> {
  return probe.judge(await probe.measure(direct, context), await probe.measure(proxied, context), context);
}
