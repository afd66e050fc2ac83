import type { HeaderPair } from '../../client/records.ts';
import type { Evidence } from '../../results/check/result.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { observe } from '../observation/observe.ts';
import { notAsked } from '../observation/origins-answer.ts';
import { watchVisits } from '../origin/watch-visits.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** What became of a header. */
type Fate = 'arrived' | 'changed' | 'lost';

/** By the name of the header. */
type Fates = Record<string, Fate>;

/** What a reconnecting or authenticated stream can't do without. Those of the user's own stay as they are. */
const NEEDED: readonly HeaderPair[] = [
  ['Accept', 'text/event-stream'],
  ['Last-Event-ID', 'ssekit-42'],
  ['Authorization', 'Bearer ssekit-check-proxy'],
  ['Cookie', 'ssekit_check=proxy'],
];
/** What an application has of its own. */
const CUSTOM: readonly HeaderPair[] = [['X-Ssekit-Check', 'proxy']];
/** Legal, and dropped by servers that would take it for the same name with a hyphen (nginx): told, and not held against them. */
const UNDERSCORED: HeaderPair = ['ssekit_check', 'proxy'];
const SENT: readonly HeaderPair[] = [...NEEDED, ...CUSTOM, UNDERSCORED];
/** Of one connection, of whoever sends, or for whoever stores, compresses or forwards: not the origin's alone, and no loss. */
const FOR_HOPS =
  /^(?:host|user-agent|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|range|via|content-length|cache-control|pragma|accept-encoding|if-.*|proxy-.*|(?:x-)?forwarded.*|x-real-ip)$/i;

const ARRIVAL_MS = 10_000;

export const request: Probe = probe<Fates>({
  id: 'request',
  title: 'the headers of the request reach the origin',
  requirement: 'Accept, Last-Event-ID, Authorization and Cookie reach the origin as the client sent them.',
  seconds: 1,
  load: 'quiet',
  measure: measureRequest,
  judge: judgeRequest,
});

async function measureRequest(way: Way, { pool, origin, signal }: ProbeContext): Promise<Fates> {
  const own = new Set(way.request.headers.map(([name]) => name.toLowerCase()));
  const added = SENT.filter(([name]) => !own.has(name.toLowerCase()));
  const headers = [...way.request.headers, ...added];
  const { key, request: asked } = scripted(way, { steps: [] });
  const { head } = await observe(pool, { ...asked, headers }, { forMs: ARRIVAL_MS, signal });
  const [visit] = await watchVisits(origin, key, { forMs: 1_000, until: (all) => all.length > 0, signal });
  signal.throwIfAborted();
  if (visit === undefined) throw new NotMeasurable(notAsked(head?.status));
  const watched = [...SENT, ...ownOf(way.request.headers)];
  return Object.fromEntries(
    watched.map(([name]) => [name, fateOf(joined(name, headers), joined(name, visit.request.headers))]),
  );
}

/** What the user's application sends besides. */
function ownOf(headers: readonly HeaderPair[]): readonly HeaderPair[] {
  const known = new Set(SENT.map(([name]) => name.toLowerCase()));
  return headers.filter(([name]) => !known.has(name.toLowerCase()) && !FOR_HOPS.test(name));
}

function joined(name: string, headers: readonly HeaderPair[]): string | undefined {
  const values = headers
    .filter(([each]) => each.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(name === 'Cookie' ? '; ' : ', ');
}

function fateOf(sent: string | undefined, arrived: string | undefined): Fate {
  if (arrived === undefined) return 'lost';
  return arrived === sent ? 'arrived' : 'changed';
}

function judgeRequest(direct: Fates, proxied: Fates): Judgement {
  const isBroken = ([name]: HeaderPair) => proxied[name] !== 'arrived' && direct[name] === 'arrived';
  const needed = NEEDED.filter(isBroken);
  const sent = new Set(SENT.map(([name]) => name));
  // Who is in between may add to the user's own, as to a list of addresses.
  const own = Object.keys(proxied).filter(
    (name) => !sent.has(name) && proxied[name] === 'lost' && direct[name] === 'arrived',
  );
  const broken = [...[...needed, ...CUSTOM.filter(isBroken)].map(([name]) => name), ...own];
  const figures = { direct, proxied };
  const note: Evidence[] = isBroken(UNDERSCORED) ? [{ k: 'underscoreHeaderLost', v: true }] : [];
  if (broken.length === 0) {
    return {
      ...figures,
      status: 'pass',
      summary: `${[...NEEDED, ...CUSTOM].map(([name]) => name).join(', ')} arrive${note.length > 0 ? '; names with an underscore are dropped (by nginx unless underscores_in_headers is on)' : ''}`,
      evidence: note,
    };
  }
  // Values may be secrets: only names are told.
  const evidence: Evidence[] = broken.map((name) => ({
    k: `header${proxied[name] === 'lost' ? 'Lost' : 'Changed'}`,
    v: name,
  }));
  return {
    ...figures,
    status: needed.length > 0 ? 'fail' : 'warn',
    fault: 'request.header-lost',
    summary: `on the way to the origin: ${broken.map((name) => `${name} ${proxied[name]}`).join(', ')}`,
    evidence: [...evidence, ...note, ...(note.length > 0 ? [onlyUnderscores(broken)] : [])],
  };
}

/** Whether what drops names with an underscore explains all that was lost. */
function onlyUnderscores(names: readonly string[]): Evidence {
  return { k: 'onlyUnderscoresLost', v: names.every((name) => name.includes('_')) };
}
