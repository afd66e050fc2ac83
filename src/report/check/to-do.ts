import type { Cause, Fix, ProbeResult } from '../../results/check/result.ts';
import { escapeInline } from '../escape.ts';
import { type Row, rowsText } from '../rows.ts';
import { againText } from './again.ts';
import { carefulRows } from './careful.ts';
import { mergedDirectives } from './directives.ts';
import { faultsFound, isToMend } from './faults-found.ts';
import { percentage } from './path.ts';
import { AT_APPLICATION, proofRows, proofsOf } from './proof.ts';
import type { CheckScreenOptions, Section } from './section.ts';
import { toCopyText } from './to-copy.ts';

const APPLICATION = 'your application (the origin)';

/** Everything that goes to one place. */
interface Place {
  name: string;
  /** The name, and what alone it is for where most streams do without it. */
  title: string;
  fixes: Fix[];
  /** What they end … */
  ends: string[];
  /** … and what stays, and does less harm. */
  eases: string[];
}

interface Mending {
  fault: string;
  fix: Fix;
  confidence: number;
  onlyFor?: string;
}

/** What to change, all of it at once: the likeliest fix of each fault, by where it goes; and what proves it. */
export const toDoSection: Section = (result, options) => {
  const likeliest = faultsFound(result)
    .filter(isToMend)
    .flatMap(({ fault, probes }) => {
      const [fix] = probes.flatMap(({ fixes }) => fixes);
      if (fix === undefined) return [];
      const onlyFor = options.onlyForOf(fault);
      return [
        { fault, fix, confidence: confidenceIn(fix, probes), ...(onlyFor !== undefined && { onlyFor }) },
      ];
    });
  const isGuess = ({ confidence }: Mending) => confidence < LEAST;
  const places = placesOf(likeliest.filter((each) => !isGuess(each)));
  const firstLoaded = places.find((place) => loadingFix(place)?.reload !== undefined);
  const texts = places.map((place, at) =>
    placeText(
      place,
      {
        label: at === 0 ? 'to do' : 'and',
        told: places.slice(0, at).filter(({ name }) => name === place.name),
        saysHow: place === firstLoaded,
      },
      options,
    ),
  );
  const fixes = places.flatMap((place) => place.fixes);
  const proofs = proofsOf(fixes, result, options);
  const guesses = likeliest.filter(isGuess).map(({ fault }) => fault);
  return [
    ...texts,
    guessesText(guesses, options),
    proofRows('then', proofs, options),
    proofs.length === 0 ? '' : againText(fixes, result, options),
  ].join('');
};

/** Lines that stand there once. */
function isReplacing({ fixes }: Place): boolean {
  return fixes.some(({ replaces }) => replaces);
}

/** What is less likely is no advice. */
const LEAST = 0.3;
/** What is more likely to be something else is said to be so. */
const UNSURE = 0.5;
/** Causes that no catalogue has: nothing is known that mends them. */
const UNLISTED = /\.unlisted$/;

/** How likely its cause is, for one that goes into the proxy. */
function confidenceIn({ where, cause }: Fix, probes: readonly ProbeResult[]): number {
  if (where === AT_APPLICATION) return 1;
  if (cause !== undefined) {
    // Who looks for what no catalogue has finds it, whosever it is.
    const isIt = ({ id }: Cause) => (UNLISTED.test(cause) ? UNLISTED.test(id) : id === cause);
    const byProbe = probes.map(({ causes }) =>
      causes.filter(isIt).reduce((sum, { confidence }) => sum + confidence, 0),
    );
    return Math.max(0, ...byProbe);
  }
  const listed = probes.flatMap(({ causes }) => causes).filter(({ id }) => !UNLISTED.test(id));
  return listed.length === 0 ? 1 : Math.max(...listed.map(({ confidence }) => confidence));
}

function unsureText(confidence: number): string {
  return confidence < UNSURE ? ` (${percentage(confidence)} likely)` : '';
}

function guessesText(faults: readonly string[], { palette, columns }: CheckScreenOptions): string {
  if (faults.length === 0) return '';
  const what = `whose doing ${faults.map(escapeInline).join(' and ')} is can not be told: what is said of it above may help, or not`;
  return rowsText([['unsure', what]], palette, columns);
}

/** What is optional stands apart, at the end, unless it is needed anyhow. */
function placesOf(mended: readonly Mending[]): Place[] {
  const needed = mended.filter(({ onlyFor }) => onlyFor === undefined);
  const optional = mended.filter(({ onlyFor }) => onlyFor !== undefined);
  const byName = new Map<string, Place>();
  for (const { fault, fix, confidence, onlyFor } of [...needed, ...optional]) {
    const name = nameOf(fix);
    const isNeeded = byName.get(name)?.fixes.some(({ line }) => line === fix.line) ?? false;
    const key = isNeeded || onlyFor === undefined ? name : `${name}, for ${onlyFor}`;
    const place = byName.get(key) ?? { name, title: key, fixes: [], ends: [], eases: [] };
    byName.set(key, place);
    place.fixes.push(fix);
    place[fix.eases ? 'eases' : 'ends'].push(fault + unsureText(confidence));
  }
  return [...byName.values()];
}

function nameOf({ where, place = where, proxy }: Fix): string {
  if (where === AT_APPLICATION) return APPLICATION;
  return `${place}${proxy === undefined ? '' : ` (proxy ${proxy})`}`;
}

interface Beside {
  label: string;
  /** What goes to the same place as well, and was told above. */
  told: readonly Place[];
  saysHow: boolean;
}

function placeText(place: Place, { label, told, saysHow }: Beside, { palette, columns }: CheckScreenOptions) {
  const { name, title, fixes } = place;
  const how = isReplacing(place) ? ' (in place of such a line where there is one)' : '';
  const head: Row = [isOptional(place) ? 'optional' : label, escapeInline(`${title}${how}:`)];
  const above = told.flatMap(directivesIn);
  const lines = directivesIn(place)
    .filter((each) => !above.includes(each))
    .map((each) => each.replaceAll(/^/gm, '  '));
  const loading = loadingFix(place);
  const loaded: Row[] = loading === undefined ? [] : [['', loadedText(loading)]];
  const started: Row[] = saysHow ? [['', AS_STARTED, palette.dim]] : [];
  return (
    rowsText([head], palette, columns) +
    toCopyText(lines.join('\n'), { palette, columns, isProse: name === APPLICATION }) +
    rowsText([...carefulRows(fixes, palette), ...loaded, ...started, ...endsRows(place)], palette, columns)
  );
}

function isOptional({ name, title }: Place): boolean {
  return title !== name;
}

function directivesIn({ fixes }: Place): string[] {
  return mergedDirectives(fixes.map(({ line }) => line));
}

function endsRows({ ends, eases }: Place): Row[] {
  const rows: Row[] = [];
  if (ends.length > 0) rows.push(['', `ends: ${ends.map(escapeInline).join(', ')}`]);
  if (eases.length > 0)
    rows.push(['', `makes do with: ${eases.map(escapeInline).join(', ')} (a check finds it again)`]);
  return rows;
}

/** Nobody sees from here how it was. */
const AS_STARTED = '(however yours was started: name its file, or restart its container)';

/** The one of a place that says what makes all of them take effect. */
function loadingFix({ fixes }: Place): Fix | undefined {
  return fixes.find(({ restart }) => restart) ?? fixes.find(({ reload }) => reload !== undefined);
}

function loadedText({ reload, restart }: Fix): string {
  if (reload === undefined) return 'takes effect when it is started again: a reload does not do';
  return restart
    ? `restart with: ${escapeInline(reload)} (a reload does not do)`
    : `reload with: ${escapeInline(reload)}`;
}
