import { formatDuration } from '../../notation/duration.ts';
import { formatSize } from '../../notation/size.ts';
import type { PlanSummary } from '../../results/bench/result.ts';
import { maskUrl } from '../../results/redaction.ts';
import type {
  Behaviour,
  BenchOptions,
  DeliveryOptions,
  Load,
  PublishOptions,
  RequestRecipe,
  Stage,
} from '../options.ts';
import type { Plan } from './plan.ts';

/** What of the options is told. */
export type SummaryOptions = Pick<
  BenchOptions,
  | 'load'
  | 'life'
  | 'reconnect'
  | 'behaviour'
  | 'delivery'
  | 'localAddresses'
  | 'streamsPerConnection'
  | 'seed'
> & {
  request: Pick<RequestRecipe, 'idleTimeoutMs'> & { connection: Pick<RequestRecipe['connection'], 'http'> };
};

/** The plan as the result file and the reports have it: numbers, and the words of the command line. */
export function planSummary(options: SummaryOptions, plan: Plan, workers: number): PlanSummary {
  const { model, durationMs, rampUpMs, warmUpMs, starts, peak } = plan;
  return {
    model,
    load: loadWords(options.load),
    durationMs,
    rampUpMs,
    warmUpMs,
    starts,
    peak,
    workers,
    ...(asksForHttp2(options) ? { http2: true } : {}),
    reconnect: options.reconnect.mode,
    seed: options.seed,
    notes: [
      ...lifeNotes(options),
      ...behaviourNotes(options.behaviour),
      ...connectionNotes(options),
      ...deliveryNotes(options.delivery),
    ],
  };
}

function loadWords(load: Load): string {
  switch (load.model) {
    case 'closed':
      return [`-c ${load.connections}`, ...rampWords(load.rampUpMs)].join(', ');
    case 'open':
      return [`${number(load.rate)} starts/s`, ...rampWords(load.rampUpMs), ...openWords(load)].join(', ');
    case 'closed-stages':
      return `stages ${stageWords(load.stages, '')}`;
    case 'open-stages':
      return [`stages ${stageWords(load.stages, '/s')}`, ...openWords(load)].join(', ');
  }
}

function rampWords(rampUpMs: number): string[] {
  return rampUpMs > 0 ? [`ramp-up ${duration(rampUpMs)}`] : [];
}

function openWords({ arrival, maxOpen }: Extract<Load, { model: 'open' | 'open-stages' }>): string[] {
  return [
    ...(arrival === 'poisson' ? ['Poisson'] : []),
    ...(maxOpen === undefined ? [] : [`at most ${number(maxOpen)} open`]),
  ];
}

/** As they are written behind `--stages`. */
function stageWords(stages: readonly Stage[], unit: '' | '/s'): string {
  return stages
    .map(({ durationMs, target }) => `${formatDuration(durationMs)}:${Number(target.toFixed(3))}${unit}`)
    .join(', ');
}

function lifeNotes({ life, request: { idleTimeoutMs } }: SummaryOptions): string[] {
  const { forMs, maxEvents, untilData, maxTimeMs } = life;
  const ends = [
    ...(forMs === undefined ? [] : [`after ${duration(forMs)}`]),
    ...(maxEvents === undefined ? [] : [`after ${number(maxEvents)} event${maxEvents === 1 ? '' : 's'}`]),
    ...(untilData ?? []).map((data) => `at data ${JSON.stringify(data)}`),
  ];
  return [
    ...(ends.length === 0 ? [] : [`a stream ends ${ends.join(' or ')}`]),
    ...(maxTimeMs === undefined ? [] : [`an attempt may take ${duration(maxTimeMs)}`]),
    ...(idleTimeoutMs > 0 ? [`an attempt may be silent for ${duration(idleTimeoutMs)}`] : []),
  ];
}

function behaviourNotes({ drop, slow, cancel }: Behaviour): string[] {
  return [
    ...(drop === undefined ? [] : [`${percent(drop.share)} are cut at ${duration(drop.atMs)}`]),
    ...(slow === undefined ? [] : [`${percent(slow.share)} read ${byteRate(slow.bytesPerSecond)}`]),
    ...(cancel === undefined ? [] : [`${percent(cancel.share)} leave after ${duration(cancel.afterMs)}`]),
  ];
}

function asksForHttp2({ streamsPerConnection = 1, request }: SummaryOptions): boolean {
  const { http } = request.connection;
  return http === '2' || http === '2-prior-knowledge' || streamsPerConnection > 1;
}

function connectionNotes({ streamsPerConnection, localAddresses }: SummaryOptions): string[] {
  return [
    ...(streamsPerConnection === undefined ? [] : [`${number(streamsPerConnection)} streams a connection`]),
    ...(localAddresses === undefined ? [] : [`from ${addressesText(localAddresses)}`]),
  ];
}

function addressesText([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${number(others.length)} more addresses`;
}

function deliveryNotes({ sequence, sentAtPath, publish }: DeliveryOptions): string[] {
  return [
    ...(sequence === undefined ? [] : [`numbered by ${sequence.kind === 'id' ? 'id' : sequence.path}`]),
    ...(sentAtPath === undefined ? [] : [`sent at ${sentAtPath}`]),
    ...(publish === undefined
      ? []
      : [`${number(publish.ratePerSecond)} events/s published ${outletText(publish)}`]),
  ];
}

/** A plan is kept and shown to others: without secrets, and of a command nobody can tell where its are. */
function outletText({ target }: PublishOptions): string {
  switch (target.kind) {
    case 'http':
      return `to ${maskUrl(target.url)}`;
    case 'redis':
      return `to ${maskUrl(target.url)}#${target.channel}`;
    case 'exec':
      return 'by a command';
  }
}

/** `1,000`, `1.667`. */
function number(value: number): string {
  return new Intl.NumberFormat('en', { maximumFractionDigits: 3 }).format(value);
}

/** `5 s`, `1500 ms`. */
function duration(ms: number): string {
  return formatDuration(ms).replace(/[a-z]+$/, ' $&');
}

function percent(share: number): string {
  return `${number(share * 100)}% of the streams`;
}

function byteRate(bytesPerSecond: number): string {
  return `${formatSize(Math.max(1, Math.round(bytesPerSecond)))}/s`;
}
