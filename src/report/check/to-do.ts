import type { Fix, ProbeResult } from '../../results/check/result.ts';
import { escapeInline } from '../escape.ts';
import { type Row, rowsText } from '../rows.ts';
import { mergedDirectives } from './directives.ts';
import { faultsFound } from './faults-found.ts';
import { percentage } from './path.ts';
import { proofRows, proofsOf } from './proof.ts';
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
  const likeliest = faultsFound(result).flatMap(({ fault, probes }) => {
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
  return [...texts, guessesText(guesses, options), proofRows('then', proofs, options)].join('');
};

/** What is less likely is no advice. */
const LEAST = 0.3;
/** What is more likely to be something else is said to be so. */
const UNSURE = 0.5;
/** Causes that no catalogue has: nothing is known that mends them. */
const UNLISTED = /\.unlisted$/;

/** How likely it is that it is the proxy's, for one that goes there. */
function confidenceIn({ where }: Fix, probes: readonly ProbeResult[]): number {
  if (where === 'origin') return 1;
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
  if (where === 'origin') return APPLICATION;
  return `${place}${proxy === undefined ? '' : ` (proxy ${proxy})`}`;
}

function placeText({ name, fixes, faults }: Place, label: string, { palette, columns }: CheckScreenOptions) {
  const reload = fixes.find((fix) => fix.reload !== undefined)?.reload;
  const head: Row = [label, escapeInline(`${name}:`)];
  const lines = mergedDirectives(fixes.map(({ line }) => line)).map((each) => each.replaceAll(/^/gm, '  '));
  const loaded: Row[] = reload === undefined ? [] : [['', `reload with: ${escapeInline(reload)}`]];
  const ends: Row = ['', `ends: ${faults.map(escapeInline).join(', ')}`];
  return (
    rowsText([head], palette, columns) +
    toCopyText(lines.join('\n'), palette) +
    rowsText([...loaded, ends], palette, columns)
  );
}
