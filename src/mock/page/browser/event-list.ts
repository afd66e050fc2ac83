import { button, byId, element, runNodes, serverText, setText } from './dom.ts';
import { type Entry, type EventEntry, type EventLog, MAX_ENTRIES, matches } from './event-log.ts';
import type { IdVerdict } from './id-sequence.ts';
import { layOutJson } from './json-layout.ts';
import { count, counted, duration, timeOfDay } from './quantities.ts';
import { type TextRun, visibleLine, visibleLines } from './visible-text.ts';

/** Of an event's data in its row. */
const PREVIEW_LENGTH = 400;
/** Of an event's data when it is opened: more than a screen takes in, less than a browser labours at. */
const SHOWN_LENGTH = 100_000;
/** Of an opened event: hostile data has as many as it has characters. */
const MOST_NODES = 5_000;
/** So near the end counts as the end. */
const END_PX = 30;

/** What can be done with one event. */
export interface EventActions {
  copyData(entry: EventEntry): void;
  copyResume(entry: EventEntry): void;
  publishAgain(entry: EventEntry): void;
}

/**
 * The list of what came, the newest last. It is one stop of the tab order: arrows move within. It follows the newest
 * row while its end is in sight and nobody is at work in it.
 */
export class EventList {
  readonly #log: EventLog;
  readonly #actions: EventActions;
  readonly #list = byId('list', HTMLOListElement);
  readonly #scroller = byId('scroller', HTMLDivElement);
  readonly #newest = byId('newest', HTMLButtonElement);
  readonly #shown = byId('shown', HTMLParagraphElement);
  readonly #empty = byId('empty', HTMLParagraphElement);
  readonly #entries = new WeakMap<Element, Entry>();
  /** Number of the last entry that was looked at. */
  #rendered = 0;
  #filter = '';
  #comments = true;
  #paused = false;
  #following = true;
  #scrollTop = 0;
  /** The row that the tab key leads to. */
  #current: HTMLButtonElement | undefined;

  constructor(log: EventLog, actions: EventActions) {
    this.#log = log;
    this.#actions = actions;
    this.#scroller.addEventListener('scroll', () => this.#scrolled());
    this.#list.addEventListener('click', (event) => this.#clicked(event));
    this.#list.addEventListener('keydown', (event) => this.#pressed(event));
    this.#list.addEventListener('focusin', (event) => this.#focused(event));
    this.#newest.addEventListener('click', () => this.follow());
    new ResizeObserver(() => {
      if (this.#following) this.follow();
    }).observe(this.#scroller);
  }

  get paused(): boolean {
    return this.#paused;
  }

  set paused(paused: boolean) {
    this.#paused = paused;
    this.update();
  }

  show(filter: string, comments: boolean): void {
    this.#filter = filter.toLowerCase();
    this.#comments = comments;
    this.rebuild();
  }

  rebuild(): void {
    this.#list.replaceChildren();
    this.#current = undefined;
    this.#rendered = 0;
    this.#render();
    this.#tell();
  }

  /** Shows what came since, unless it is paused. */
  update(): void {
    if (!this.#paused) this.#render();
    this.#tell();
  }

  follow(): void {
    this.#following = true;
    this.#newest.hidden = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  focus(): void {
    const target = this.#current ?? this.#lastLine();
    (target ?? this.#scroller).focus();
  }

  #render(): void {
    const fresh = this.#log.since(this.#rendered).filter((entry) => this.#isShown(entry));
    this.#rendered = this.#log.total;
    if (fresh.length === 0) return;
    const rows = document.createDocumentFragment();
    for (const entry of fresh) rows.append(this.#row(entry));
    this.#list.append(rows);
    this.#trim();
    if (!this.#list.contains(document.activeElement)) this.#makeCurrent(this.#lastLine());
    if (this.#following) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    else this.#newest.hidden = false;
  }

  #isShown(entry: Entry): boolean {
    return (this.#comments || entry.kind !== 'comment') && matches(entry, this.#filter);
  }

  #trim(): void {
    while (this.#list.childElementCount > MAX_ENTRIES) this.#list.firstElementChild?.remove();
    if (this.#current !== undefined && !this.#current.isConnected) this.#makeCurrent(this.#lines()[0]);
  }

  #tell(): void {
    const waiting = this.#log.total - this.#rendered;
    const rows = this.#list.childElementCount;
    const dropped = this.#log.total - this.#log.size;
    const texts = [
      this.#paused ? `paused, ${count(waiting)} more since` : '',
      this.#filter === '' ? '' : `${counted(rows, 'row')} shown`,
      this.#log.size >= MAX_ENTRIES
        ? `the newest ${count(MAX_ENTRIES)} of ${count(dropped + this.#log.size)}`
        : '',
    ];
    setText(this.#shown, texts.filter(Boolean).join(' · '));
    setText(
      this.#empty,
      this.#filter === '' ? 'Nothing has come yet.' : 'Nothing that came matches the filter.',
    );
  }

  #row(entry: Entry): HTMLLIElement {
    const row = element('li', entry.kind === 'mark' ? `mark ${entry.tone}` : entry.kind);
    const time = element('span', 'time', timeOfDay(entry.at));
    if (entry.kind === 'mark') {
      row.append(element('div', 'aside-line', time, serverText('text', entry.text)));
    } else if (entry.kind === 'comment') {
      const gap = element('span', 'gap');
      row.append(
        element('div', 'aside-line', time, gap, serverText('text', entry.text.slice(0, PREVIEW_LENGTH))),
      );
    } else row.append(this.#line(entry, time));
    this.#entries.set(row, entry);
    return row;
  }

  #line(entry: EventEntry, time: HTMLElement): HTMLButtonElement {
    const data = element('span', 'data');
    const note = entry.verdict === undefined ? '' : noteOf(entry.verdict);
    if (note !== '') data.append(element('span', 'note', note));
    data.append(...runNodes(visibleLine(entry.data.slice(0, PREVIEW_LENGTH))));
    if (entry.length > PREVIEW_LENGTH) data.append('…');
    const line = element(
      'button',
      'line',
      time,
      element('span', 'gap', entry.gapMs === undefined ? '' : `+${duration(entry.gapMs)}`),
      serverText('name', entry.name.slice(0, PREVIEW_LENGTH)),
      serverText('id', (entry.id ?? '').slice(0, PREVIEW_LENGTH)),
      data,
    );
    line.type = 'button';
    line.tabIndex = -1;
    line.ariaExpanded = 'false';
    return line;
  }

  #toggle(line: HTMLButtonElement): void {
    const row = line.parentElement;
    const entry = row === null ? undefined : this.#entries.get(row);
    if (row === null || entry?.kind !== 'event') return;
    const opened = line.ariaExpanded !== 'true';
    line.ariaExpanded = String(opened);
    row.classList.toggle('expanded', opened);
    if (opened) row.append(this.#detail(entry));
    else row.querySelector('.detail')?.remove();
    // Who reads an event doesn't want it to move.
    if (opened) this.#following = false;
  }

  #detail(entry: EventEntry): HTMLElement {
    const facts = [
      `connection ${entry.connection}`,
      counted(entry.length, 'character'),
      entry.id === undefined ? 'no id of its own' : '',
      entry.lastEventId === '' ? '' : `lastEventId ${entry.lastEventId.slice(0, PREVIEW_LENGTH)}`,
    ];
    const actions = element(
      'p',
      '',
      button('Copy data', () => this.#actions.copyData(entry)),
    );
    if (entry.lastEventId !== '') {
      actions.append(button('Copy curl from here on', () => this.#actions.copyResume(entry)));
    }
    actions.append(button('Publish again', () => this.#actions.publishAgain(entry)));
    const data = element('pre', '', ...dataNodes(entry));
    // It may be longer than it is high, and then takes the arrow keys.
    data.tabIndex = 0;
    return element('div', 'detail', serverTextLine(facts.filter(Boolean).join(' · ')), data, actions);
  }

  #clicked(event: MouseEvent): void {
    const line = event.target instanceof Element ? event.target.closest('.line') : null;
    // A click that ends a selection of text means the text.
    if (line instanceof HTMLButtonElement && getSelection()?.isCollapsed !== false) this.#toggle(line);
  }

  #pressed(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLButtonElement) || !event.target.classList.contains('line')) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const lines = this.#lines();
    const at = lines.indexOf(event.target);
    const to = {
      ArrowUp: at - 1,
      ArrowDown: at + 1,
      PageUp: at - 10,
      PageDown: at + 10,
      Home: 0,
      End: lines.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    lines[Math.max(0, Math.min(to, lines.length - 1))]?.focus();
  }

  #focused(event: FocusEvent): void {
    if (event.target instanceof HTMLButtonElement && event.target.classList.contains('line')) {
      this.#makeCurrent(event.target);
      if (event.target !== this.#lastLine()) this.#following = false;
    }
  }

  #makeCurrent(line: HTMLButtonElement | undefined): void {
    if (line === this.#current) return;
    if (this.#current !== undefined) this.#current.tabIndex = -1;
    this.#current = line;
    if (line !== undefined) line.tabIndex = 0;
  }

  #lines(): HTMLButtonElement[] {
    return [...this.#list.querySelectorAll<HTMLButtonElement>('.line')];
  }

  #lastLine(): HTMLButtonElement | undefined {
    for (let row = this.#list.lastElementChild; row !== null; row = row.previousElementSibling) {
      const line = row.firstElementChild;
      if (line instanceof HTMLButtonElement) return line;
    }
    return undefined;
  }

  /** Up is away from the newest, the end is back to it; down by itself says nothing. */
  #scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    if (scrollHeight - scrollTop - clientHeight < END_PX) {
      this.#following = true;
      this.#newest.hidden = true;
    } else if (scrollTop < this.#scrollTop) this.#following = false;
    this.#scrollTop = scrollTop;
  }
}

function noteOf(verdict: IdVerdict): string {
  if (verdict.kind === 'next') return '';
  if (verdict.kind === 'missing') return `${counted(verdict.count, 'id')} missing before`;
  return { late: 'came late', again: 'came again', restart: 'ids start anew' }[verdict.kind];
}

function serverTextLine(text: string): HTMLElement {
  return element('p', '', ...runNodes(visibleLine(text)));
}

/** The data, as laid out JSON where it is such; bounded either way. */
function dataNodes(entry: EventEntry): (Node | string)[] {
  const rest = entry.length - Math.min(entry.data.length, SHOWN_LENGTH);
  const more = rest > 0 ? [`\n… ${counted(rest, 'more character')}`] : [];
  const pieces = entry.data.length <= SHOWN_LENGTH ? layOutJson(entry.data) : undefined;
  if (pieces === undefined) return [...textNodes(visibleLines(entry.data.slice(0, SHOWN_LENGTH))), ...more];
  // JSON has control characters only where it is laid out.
  if (pieces.length > MOST_NODES) return textNodes(visibleLines(pieces.map(({ text }) => text).join('')));
  return pieces.map(({ kind, text }) => {
    if (kind === 'layout') return text;
    return element('span', `json-${kind}`, ...textNodes(visibleLine(text)));
  });
}

/** Without setting anything apart where there is too much of it. */
function textNodes(runs: readonly TextRun[]): (Node | string)[] {
  return runs.length <= MOST_NODES ? runNodes(runs) : [runs.map(({ text }) => text).join('')];
}
