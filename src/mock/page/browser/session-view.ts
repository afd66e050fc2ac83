import { byId, element, serverText, setText } from './dom.ts';
import { count, counted, duration, rate, runningTime, size, timeOfDay } from './quantities.ts';
import type { Outage, Session, State } from './session.ts';
import { visible } from './visible-text.ts';

const SHOWN_ID = 60;

/** The connection's state, the figures and the outages. */
export class SessionView {
  readonly #session: Session;
  readonly #now: () => number;
  readonly #state = byId('state', HTMLParagraphElement);
  readonly #stateText = byId('state-text', HTMLSpanElement);
  readonly #announcements = byId('announcements', HTMLParagraphElement);
  readonly #outages = byId('outages', HTMLOListElement);
  readonly #noOutages = byId('no-outages', HTMLParagraphElement);
  #announced: State | undefined;
  #outagesShown = '';

  constructor(session: Session, now: () => number) {
    this.#session = session;
    this.#now = now;
    // It scrolls: whoever has only a keyboard must get there.
    byId('outage-list', HTMLElement).tabIndex = 0;
  }

  update(): void {
    const { state } = this.#session;
    this.#state.dataset.state = state.kind;
    setText(this.#stateText, stateText(state, this.#now()));
    this.#state.title = state.kind === 'closed' ? visible(state.why) : '';
    this.#announce(state);
    this.#figures();
    this.#showOutages();
  }

  /** Changes only: a screen reader should not hear a clock. */
  #announce(state: State): void {
    if (state === this.#announced) return;
    this.#announced = state;
    const text = state.kind === 'closed' ? `closed: ${visible(state.why)}` : state.kind;
    setText(this.#announcements, `Stream ${text}`);
    document.title = `${state.kind} · ${location.host} · ssekit serve-mock`;
  }

  #figures(): void {
    const { totals, lastEventAt, lastEventId, rates } = this.#session;
    const now = this.#now();
    const quiet = lastEventAt === undefined ? '–' : runningTime(now - lastEventAt);
    this.#figure('events', count(totals.events));
    this.#figure('rate', rate(rates.rate(now, 5)));
    this.#figure('quiet', quiet);
    this.#figure('id', lastEventId === '' ? '–' : visible(lastEventId.slice(0, SHOWN_ID)));
    this.#figure('bytes', totals.bytes === undefined ? '–' : size(totals.bytes));
    this.#figure('connections', count(totals.connections));
    this.#figure('outages', count(totals.outages), totals.outages > 0);
    this.#figure('missing', count(totals.missing), totals.missing > 0);
  }

  #figure(name: string, text: string, alarming = false): void {
    const figure = byId(`total-${name}`, HTMLElement);
    setText(figure, text);
    figure.classList.toggle('alarming', alarming);
  }

  #showOutages(): void {
    const newestFirst = this.#session.outages
      .toReversed()
      .map((outage) => describeOutage(outage, this.#now()));
    // Written anew only where something differs: a running time, or the list.
    const shown = JSON.stringify(newestFirst);
    if (shown === this.#outagesShown) return;
    this.#outagesShown = shown;
    this.#noOutages.hidden = newestFirst.length > 0;
    this.#outages.replaceChildren(...newestFirst.map(outageRow));
  }
}

function stateText(state: State, now: number): string {
  if (state.kind === 'open') return `open for ${runningTime(now - state.since)}`;
  if (state.kind === 'closed') {
    return `closed: ${state.status === undefined ? visible(state.why) : `HTTP ${state.status}`}`;
  }
  if (state.kind === 'connecting') return `connecting for ${runningTime(now - state.since)}`;
  const { until } = state;
  return until === undefined ? 'reconnecting' : `reconnecting in ${runningTime(Math.max(0, until - now))}`;
}

interface OutageText {
  at: string;
  duration: string;
  ids: string;
  lost: string;
  cause: string;
}

function describeOutage(outage: Outage, now: number): OutageText {
  const { reopenedAt, eventAt, leftAt, failures, firstId, idsBetween } = outage;
  const running = reopenedAt === undefined && leftAt === undefined;
  const end = reopenedAt ?? leftAt ?? now;
  const silence = eventAt === undefined ? '' : `${duration(eventAt - outage.at)} until the next event`;
  const failed = failures === 0 ? '' : `${counted(failures, 'attempt')} failed`;
  const left = leftAt === undefined ? '' : 'closed before it was back';
  return {
    at: timeOfDay(outage.at),
    duration: running ? `${runningTime(end - outage.at)} so far` : duration(end - outage.at),
    ids:
      firstId === undefined && outage.lastId === '' ? '' : `id ${idText(outage.lastId)} → ${idText(firstId)}`,
    lost: lostText(idsBetween),
    cause: [outage.why, failed, silence, left].filter(Boolean).join(' · '),
  };
}

function idText(id: string | undefined): string {
  return id === undefined || id === '' ? '–' : visible(id.slice(0, SHOWN_ID));
}

function lostText(between: number | undefined): string {
  if (between === undefined) return '';
  if (between === 0) return 'nothing lost';
  return between > 0 ? `${counted(between, 'id')} lost` : `${counted(-between, 'id')} came again`;
}

function outageRow({ at, duration, ids, lost, cause }: OutageText): HTMLLIElement {
  const head = element('p', 'head', element('span', '', at), element('strong', '', duration));
  const what = element('p', 'head', element('span', '', ids), element('span', '', lost));
  const row = element('li', '', head);
  if (ids !== '') row.append(what);
  row.append(element('p', 'cause', serverText('', cause)));
  return row;
}
