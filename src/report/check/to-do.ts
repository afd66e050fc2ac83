import type { Cause, CheckResult, Fix, ProbeResult } from '../../results/check/result.ts';
import { escapeInline } from '../escape.ts';
import { type Row, rowsText } from '../rows.ts';
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
  fixes: Fix[];
  /** What they end. */
  faults: string[];
}

/** What to change, all of it at once: the likeliest fix of each fault, by where it goes; and what proves it. */
export const toDoSection: Section = (result, options) => {
  const likeliest = faultsFound(result)
    .filter(isToMend)
    .flatMap(({ fault, probes }) => {
      const [fix] = probes.flatMap(({ fixes }) => fixes);
      return fix === undefined ? [] : [{ fault, fix, confidence: confidenceIn(fix, probes) }];
    });
  const isGuess = ({ confidence }: { confidence: number }) => confidence < LEAST;
  const places = placesOf(
    likeliest
      .filter((each) => !isGuess(each))
      .map(({ fault, fix, confidence }) => ({ fault: fault + unsureText(confidence), fix })),
  );
  const texts = places.map((place, at) => placeText(place, at === 0 ? 'to do' : 'and', options));
  const proofs = proofsOf(
    places.flatMap(({ fixes }) => fixes),
    result,
    options,
  );
  const guesses = likeliest.filter(isGuess).map(({ fault }) => fault);
  return [
    ...texts,
    guessesText(guesses, options),
    proofRows('then', proofs, options),
    againText(places, { proofs: proofs.length, result }, options),
  ].join('');
};

/** Why a fix that is there may not show: a run knows nothing of those before it. */
function againText(
  places: readonly Place[],
  { proofs, result }: { proofs: number; result: CheckResult },
  { palette, columns }: CheckScreenOptions,
): string {
  if (proofs === 0) return '';
  const [known] = places.flatMap(({ fixes }) => fixes.flatMap((fix) => nameOfKnown(fix, result) ?? []));
  const reasons = [
    ...(places.some(isReplacing)
      ? ['such a line stands there twice (the last one counts)', 'the reload was refused']
      : []),
    ...(known === undefined
      ? []
      : [`another ${escapeInline(known)} stands behind this one, which can not be told from here`]),
  ];
  if (reasons.length === 0) return '';
  const either = reasons.length > 1 ? 'Either ' : 'Maybe ';
  return rowsText([['', `the same again? ${either}${reasons.join(', or ')}`, palette.dim]], palette, columns);
}

/** The product that is known to be there, and that has the cause: a second one like it would look no other. */
function nameOfKnown({ where, cause = '' }: Fix, { path }: CheckResult): string | undefined {
  if (where === AT_APPLICATION) return undefined;
  const candidates = path.proxies.flatMap((proxy) => proxy.candidates);
  return candidates.find(({ name, confidence }) => confidence >= KNOWN && cause.startsWith(`${name}.`))?.name;
}

/** Lines that stand there once. */
function isReplacing({ fixes }: Place): boolean {
  return fixes.some(({ replaces }) => replaces);
}

/** Who is so sure has a name. */
const KNOWN = 0.7;
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

function placesOf(mended: readonly { fault: string; fix: Fix }[]): Place[] {
  const byName = new Map<string, Place>();
  for (const { fault, fix } of mended) {
    const name = nameOf(fix);
    const place = byName.get(name) ?? { name, fixes: [], faults: [] };
    byName.set(name, place);
    place.fixes.push(fix);
    place.faults.push(fault);
  }
  return [...byName.values()];
}

function nameOf({ where, place = where, proxy }: Fix): string {
  if (where === AT_APPLICATION) return APPLICATION;
  return `${place}${proxy === undefined ? '' : ` (proxy ${proxy})`}`;
}

function placeText(place: Place, label: string, { palette, columns }: CheckScreenOptions) {
  const { name, fixes, faults } = place;
  const reload = fixes.find((fix) => fix.reload !== undefined)?.reload;
  const how = isReplacing(place) ? ' (in place of such a line where there is one)' : '';
  const head: Row = [label, escapeInline(`${name}${how}:`)];
  const lines = mergedDirectives(fixes.map(({ line }) => line)).map((each) => each.replaceAll(/^/gm, '  '));
  const loaded: Row[] = reload === undefined ? [] : [['', `reload with: ${escapeInline(reload)}`]];
  const ends: Row = ['', `ends: ${faults.map(escapeInline).join(', ')}`];
  return (
    rowsText([head], palette, columns) +
    toCopyText(lines.join('\n'), { palette, columns, isProse: name === APPLICATION }) +
    rowsText([...loaded, ends], palette, columns)
  );
}
