import type { Offer } from '../offer.ts';
import { copy, copyOnClick } from './clipboard.ts';
import type { Connection } from './connection.ts';
import { byId } from './dom.ts';
import { EventList } from './event-list.ts';
import { EventSourceConnection } from './event-source-connection.ts';
import { FaultForm } from './fault-form.ts';
import { FetchConnection } from './fetch-connection.ts';
import { PublishForm } from './publish-form.ts';
import { RatePlot } from './rate-plot.ts';
import { Session, type State } from './session.ts';
import { SessionView } from './session-view.ts';
import { curlLine, listenLine } from './shell-lines.ts';
import { bindShortcuts } from './shortcuts.ts';
import { StreamForm } from './stream-form.ts';

/** Running figures (open for, quiet for) are written this often. */
const CLOCK_MS = 200;
const PLOT_MS = 1_000;
/** Typing in the filter rests this long before the list is built anew. */
const FILTER_REST_MS = 120;
const UNAUTHORISED = 401;

/** Milliseconds since the epoch, never going back. */
const now = () => performance.timeOrigin + performance.now();

const offer: Offer = JSON.parse(byId('offer', HTMLScriptElement).text);
let rendering = false;
const session = new Session(now, render);
const view = new SessionView(session, now);
const plot = new RatePlot(session, now);
const streamForm = new StreamForm(offer.presets, open, leave);
const publishForm = new PublishForm((address) => streamForm.requestUrl(address));
const faultForm = new FaultForm(offer.faults, reopenWithFaults);
const list = new EventList(session.log, {
  copyData: ({ data }) => void copy(data),
  copyResume: ({ lastEventId }) => void copy(curlLine({ url: streamForm.requestUrl(opened), lastEventId })),
  publishAgain: (entry) => publishForm.take(entry),
});

let connection: Connection | undefined;
let opened = '/';

function open(): void {
  const address = streamForm.take();
  if (address === undefined) return;
  connection?.close();
  opened = address;
  const url = streamForm.requestUrl(address);
  streamForm.addNames(namesSeen());
  session.begin(address);
  streamForm.busy = true;
  connection =
    streamForm.reader === 'fetch'
      ? new FetchConnection(url, session)
      : new EventSourceConnection(url, session, streamForm.names);
}

/** EventSource hears what it asks for: at least what has been here before. */
function namesSeen(): Set<string> {
  return new Set(session.log.since(0).flatMap((entry) => (entry.kind === 'event' ? [entry.name] : [])));
}

function leave(): void {
  connection?.close();
  session.end();
}

function reopenWithFaults(faults: readonly string[], firstConnectionOnly: boolean): void {
  streamForm.setFaults(faults);
  // Connections are numbered by client: under a new name, the next one is the first.
  streamForm.setClient(firstConnectionOnly ? `page-${Math.random().toString(36).slice(2, 8)}` : '');
  open();
}

/** However much comes between two frames, it is shown in one. A hidden page shows nothing, and holds no more. */
function render(): void {
  if (rendering) return;
  rendering = true;
  requestAnimationFrame(() => {
    rendering = false;
    list.update();
    showState();
  });
}

let shownState: State | undefined;

function showState(): void {
  view.update();
  const { state } = session;
  if (state === shownState) return;
  shownState = state;
  streamForm.busy = state.kind !== 'closed';
  if (state.kind === 'closed' && state.status === UNAUTHORISED) streamForm.askForToken();
}

const filter = byId('filter', HTMLInputElement);
const comments = byId('comments', HTMLInputElement);
const pause = byId('pause', HTMLButtonElement);
const clear = byId('clear', HTMLButtonElement);
let filtering: ReturnType<typeof setTimeout> | undefined;

const showFiltered = () => list.show(filter.value, comments.checked);
filter.addEventListener('input', () => {
  clearTimeout(filtering);
  filtering = setTimeout(showFiltered, FILTER_REST_MS);
});
comments.addEventListener('change', showFiltered);
pause.addEventListener('click', () => {
  list.paused = !list.paused;
  pause.ariaPressed = String(list.paused);
});
clear.addEventListener('click', () => {
  session.clear();
  list.rebuild();
  plot.update();
  render();
});
copyOnClick(byId('copy-curl', HTMLButtonElement), () => curlLine(currentRequest()));
copyOnClick(byId('copy-listen', HTMLButtonElement), () => listenLine(currentRequest()));

function currentRequest() {
  return { url: streamForm.requestUrl(streamForm.address), lastEventId: '' };
}

bindShortcuts([
  { key: 'a', does: 'edit the address', run: () => byId('address', HTMLInputElement).select() },
  { key: 'o', does: 'open the stream, or open it again', run: open },
  { key: 'd', does: 'disconnect', run: leave },
  { key: 'e', does: 'go to the list of events', run: () => list.focus() },
  { key: '/', does: 'filter events', run: () => filter.select() },
  { key: 'p', does: 'pause the list, or go on', run: () => pause.click() },
  { key: 'c', does: 'clear list and figures', run: () => clear.click() },
  { key: 'n', does: 'publish a new event', run: () => publishForm.focus() },
  { key: 'f', does: 'choose a fault', run: () => faultForm.focus() },
]);

byId('server', HTMLParagraphElement).textContent = location.origin;
// Parameters fold away where they would fill the screen.
if (matchMedia('(max-width: 860px)').matches) byId('parameters', HTMLDetailsElement).open = false;
setInterval(showState, CLOCK_MS);
setInterval(() => plot.update(), PLOT_MS);
open();
