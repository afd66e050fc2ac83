import { TooBusy } from '../../src/checks/not-measurable.ts';
import type { Judgement, Probe } from '../../src/checks/probe.ts';
import type { Checking } from './checking.ts';

/** What a probe comes to, measured along both ways. */
export async function judged(probe: Probe, { direct, proxied, context }: Checking): Promise<Judgement> {
  return probe.judge(await probe.measure(direct, context), await probe.measure(proxied, context), context);
}

/** As often as a run of probes does where the machine is too busy. */
const MOST_TRIES = 4;

/** What a probe comes to, measured again where the machine was too busy to tell. */
export async function tried(probe: Probe, checking: Checking): Promise<Judgement> {
  for (let time = 1; ; time += 1) {
    try {
      return await judged(probe, checking);
    } catch (error) {
      if (!(error instanceof TooBusy) || time >= MOST_TRIES) throw error;
    }
  }
}
