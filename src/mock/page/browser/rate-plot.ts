import uPlot from 'uplot';
import { byId, setText } from './dom.ts';
import { duration, rate } from './quantities.ts';
import type { Outage, Session } from './session.ts';

const SHORTEST_SPAN = 30;
/** Room for the numbers at the left and the times below, CSS pixels. */
const AXIS_LEFT = 36;
const AXIS_BELOW = 20;
/** Between marks of the scale: no half events. */
const WHOLE_STEPS = [0, 1, 2, 3, 4, 5].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power));

/** Events per second over the last minutes, with the times without a stream behind. */
export class RatePlot {
  readonly #session: Session;
  readonly #now: () => number;
  readonly #box = byId('plot', HTMLDivElement);
  readonly #reading = byId('plot-reading', HTMLSpanElement);
  #plot: uPlot;

  constructor(session: Session, now: () => number) {
    this.#session = session;
    this.#now = now;
    this.#plot = this.#make();
    // Colours are drawn into a canvas: they don't change by themselves.
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#plot.destroy();
      this.#plot = this.#make();
    });
    new ResizeObserver(() => this.#plot.setSize(this.#size())).observe(this.#box);
  }

  update(): void {
    const rates = this.#session.rates.series(this.#now()).rates;
    this.#plot.setData(this.#data());
    const now = this.#session.rates.rate(this.#now(), 5);
    const most = Math.max(...rates.map((each) => each ?? 0));
    this.#box.ariaLabel = `Events per second over ${duration(this.#span() * 1_000)}: now ${rate(now)}, at most ${rate(most)}`;
  }

  /** The last second's step ends where the running one begins. */
  #data(): uPlot.AlignedData {
    const { seconds, rates } = this.#session.rates.series(this.#now());
    return [
      [...seconds, (seconds.at(-1) ?? 0) + 1],
      [...rates, rates.at(-1) ?? null],
    ];
  }

  /** Seconds that are shown: few at first, as a line at the edge of an empty plot says little. */
  #span(): number {
    return Math.max(SHORTEST_SPAN, this.#session.rates.filled(this.#now()));
  }

  #size(): { width: number; height: number } {
    return { width: this.#box.clientWidth, height: this.#box.clientHeight };
  }

  #make(): uPlot {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const font = `11px ${colour('--sans')}`;
    const axis = { stroke: colour('--soft'), font, ticks: { show: false } };
    const grid = { stroke: colour('--line'), width: 1 };
    const options: uPlot.Options = {
      ...this.#size(),
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      padding: [8, 14, 0, 0],
      scales: {
        x: { range: (_, __, newest) => [newest - this.#span(), newest] },
        y: { range: (_, __, most) => [0, Math.max(most * 1.15, 1)] },
      },
      axes: [
        {
          ...axis,
          size: AXIS_BELOW,
          gap: 3,
          grid: { show: false },
          splits: (_, __, from, to) => marksBefore(from, to),
          values: (_, marks) => marks.map((mark) => agoText((marks.at(-1) ?? mark) - mark)),
        },
        {
          ...axis,
          size: AXIS_LEFT,
          gap: 5,
          space: 26,
          incrs: WHOLE_STEPS,
          grid,
          values: (_, ticks) => ticks.map((tick) => (tick >= 1_000 ? `${tick / 1_000}k` : String(tick))),
        },
      ],
      series: [
        {},
        {
          stroke: colour('--signal'),
          fill: colour('--signal-fill'),
          width: 1.25,
          points: { show: false },
          ...steps(),
        },
      ],
      hooks: {
        drawAxes: [(plot) => this.#drawOutages(plot, colour('--bad-band'), colour('--bad'))],
        setCursor: [(plot) => this.#read(plot)],
      },
    };
    return new uPlot(options, this.#data(), this.#box);
  }

  #drawOutages(plot: uPlot, band: string, edge: string): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const outage of this.#session.outages) {
      const from = plot.valToPos(outage.at / 1_000, 'x', true);
      const to = plot.valToPos(this.#endOf(outage) / 1_000, 'x', true);
      if (to < bbox.left) continue;
      ctx.fillStyle = band;
      ctx.fillRect(from, bbox.top, to - from, bbox.height);
      // A short one is seen, too.
      ctx.fillStyle = edge;
      ctx.fillRect(from, bbox.top, devicePixelRatio, bbox.height);
    }
    ctx.restore();
  }

  #endOf(outage: Outage): number {
    return outage.reopenedAt ?? outage.leftAt ?? this.#now();
  }

  /** What lies below the pointer. */
  #read(plot: uPlot): void {
    const [seconds, rates] = plot.data;
    const { idx } = plot.cursor;
    // The last point only ends the step before it.
    const at = idx === null || idx === undefined ? -1 : Math.min(idx, seconds.length - 2);
    const [second, value] = [seconds[at], rates?.[at]];
    const time = second === undefined ? '' : new Date(second * 1_000).toTimeString().slice(0, 8);
    setText(this.#reading, typeof value === 'number' ? `${time} · ${value}/s` : '');
  }
}

/** A count of a second holds for all of it. */
function steps(): { paths?: uPlot.Series.PathBuilder } {
  const paths = uPlot.paths.stepped?.({ align: 1 });
  return paths === undefined ? {} : { paths };
}

/** Whole steps before the newest second: marks that stand still while the line moves. */
function marksBefore(from: number, to: number): number[] {
  const span = to - from;
  const step = span <= 60 ? 10 : span <= 120 ? 30 : 60;
  const marks = [];
  // The first one has room for its text.
  for (let at = to; at >= from + span / 20; at -= step) marks.unshift(at);
  return marks;
}

function agoText(seconds: number): string {
  if (seconds === 0) return 'now';
  return seconds % 60 === 0 ? `${seconds / 60} min ago` : `${seconds} s ago`;
}
