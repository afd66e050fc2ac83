import type { Cause, CheckResult, Fix, ProbeResult } from '../../results/check/result.ts';
import { escapeInline } from '../escape.ts';
import type { Paint } from '../palette.ts';
import { type Row, rowsText } from '../rows.ts';
import { type FaultFound, faultsFound } from './faults-found.ts';
import { evidenceText, figureTexts } from './figures.ts';
import { fixLinesText } from './fix-text.ts';
import { listedText } from './listed.ts';
import { percentage } from './path.ts';
import { AT_APPLICATION, proofRows, proofsOf } from './proof.ts';
import type { CheckScreenOptions, Section } from './section.ts';
import { timelineLines } from './timeline.ts';

/** Where the texts of rows begin. */
const TEXT_AT = 12;

const MOST_CAUSES = 2;
const MOST_FIXES = 3;

/** Each fault: what was measured along both ways, the cause, the fix, and what proves that it helped. */
export const findingsSection: Section = (result, options) => {
  const all = faultsFound(result);
  const several = result.path.proxies.length;
  return all
    .map((found, at) => {
      const which = several > 1 ? whichText(found, several, options) : '';
      const before = all.slice(0, at);
      return findingText(found, { same: sameFixes(found, before), before, which, result }, options);
    })
    .join('\n');
};

/** One cause may have several faults: what mends them is told once. */
function sameFixes(found: FaultFound, before: readonly FaultFound[]): FaultFound | undefined {
  const shown = linesOf(found);
  return shown === '' ? undefined : before.find((other) => linesOf(other) === shown);
}

function linesOf(found: FaultFound): string {
  return fixesOf(found).map(textOf).join('\n');
}

function textOf({ where, line }: Fix): string {
  return `${where}\n${line}`;
}

function fixesOf({ probes }: FaultFound): Fix[] {
  const fixes = probes.flatMap((each) => each.fixes);
  return unique(fixes, textOf).slice(0, MOST_FIXES);
}

/** What a fault has beside its own figures. */
interface Beside {
  /** Another one that has the same fixes, further up. */
  same: FaultFound | undefined;
  /** All that are further up. */
  before: readonly FaultFound[];
  /** Whole lines on what would tell which proxy it is. */
  which: string;
  result: CheckResult;
}

/** Where it can't be told which of several proxies it is: what would tell. */
function whichText(
  { probes }: FaultFound,
  proxies: number,
  { palette, columns, againAt }: CheckScreenOptions,
): string {
  const places = new Set(probes.map(({ proxy }) => proxy));
  // The causes say so then.
  if (places.size === 1 && !places.has(undefined)) return '';
  const verify =
    probes.flatMap(({ fixes }) => fixes.map((fix) => fix.verify))[0] ?? `--only ${probes[0]?.probe}`;
  const line = `${againAt(`URL-OF-PROXY-${proxies}`)} ${escapeInline(verify)}`;
  return (
    rowsText(
      [
        [
          'at',
          'one of the proxies: which can not be told from here. Ask the one nearest to the origin alone:',
        ],
      ],
      palette,
      columns,
    ) + rowsText([['', line, palette.cyan]], palette, undefined)
  );
}

function findingText(
  found: FaultFound,
  { same, before, which, result }: Beside,
  options: CheckScreenOptions,
): string {
  const { palette, columns } = options;
  const { probes } = found;
  const tone = { fail: palette.red, warn: palette.yellow, note: palette.cyan }[found.status];
  const loud: Paint = (text) => tone(palette.bold(text));
  const title = options.titleOf(found.fault);
  const name = escapeInline(found.fault) + (title === undefined ? '' : `: ${escapeInline(title)}`);
  const head = rowsText([[found.status.toUpperCase(), name, loud]], { ...palette, dim: loud }, columns);
  const evidence = probes.flatMap((each) => each.evidence).map(evidenceText);
  const causes = unique(
    probes.flatMap((each) => each.causes),
    ({ id }) => id,
  ).toSorted((one, other) => other.confidence - one.confidence);
  const fixes = fixesOf(found);
  return (
    head +
    probes.map((each) => probeText(each, options)).join('') +
    rowsText(
      [
        ...(evidence.length === 0 ? [] : [['seen', listedText([...new Set(evidence)], columns)] as Row]),
        ...causeRows(causes, result),
      ],
      palette,
      columns,
    ) +
    which +
    (same === undefined
      ? fixes.map((fix, at) => fixText(fix, { label: at === 0 ? 'fix' : 'or', before }, options)).join('')
      : rowsText([['fix', `the same as of ${escapeInline(same.fault)}`]], palette, columns)) +
    proofRows('prove', proofsOf(provedOf(fixes), result, options), options)
  );
}

function probeText(
  { probe, summary, onlyIf, direct, proxied, runs }: ProbeResult,
  options: CheckScreenOptions,
) {
  const { palette, columns } = options;
  const twice = runs > 1 ? ` (measured ${runs} times)` : '';
  const rows: Row[] = [['', `${escapeInline(probe)}: ${escapeInline(summary)}${twice}`]];
  if (onlyIf !== undefined) rows.push(['', `it matters ${escapeInline(onlyIf)}`]);
  for (const [name, measured, other] of [
    ['direct', direct, proxied],
    ['proxied', proxied, direct],
  ] as const) {
    const texts = figureTexts(measured, other);
    if (texts.length > 0) rows.push([name, listedText(texts, columns)]);
  }
  const room = (columns ?? Number.POSITIVE_INFINITY) - TEXT_AT;
  const drawn = timelineLines(direct, proxied, room).map(
    (line, at): Row => [at === 0 ? 'arrivals' : '', line],
  );
  return rowsText([...rows, ...drawn], palette, columns);
}

/** Those that are shown leave something to others; less than this is how sure nobody ever is. */
const LEAST_LEFT = 4;

/** The likeliest, and what they leave to others: together nothing is missing. */
function causeRows(causes: readonly Cause[], { mode, origin }: CheckResult): Row[] {
  const shown = causes.slice(0, MOST_CAUSES);
  const left = shown.reduce((rest, { confidence }) => rest - Math.round(confidence * 100), 100);
  // Where nobody has looked past the proxy, it may be no proxy's doing at all.
  const isAlone = mode === 'passive' && origin === undefined;
  const others = isAlone ? 'others, or the application itself' : 'others, each less likely';
  return [
    ...shown.map((cause, at) => causeRow(cause, causes[at - 1])),
    ...(shown.length === 0 || left < LEAST_LEFT ? [] : [['', `${others} (${left} %)`] as Row]),
  ];
}

/** What is ruled out is so of all causes of a fault: it stands beside the first. */
function causeRow({ id, what = id, confidence, ruledOut, proxy }: Cause, above: Cause | undefined): Row {
  const isTold = above !== undefined && above.ruledOut.join() === ruledOut.join();
  // What it is tells nobody where to look for it.
  const more = what === id ? '' : `: --explain ${escapeInline(id)}`;
  const without =
    ruledOut.length === 0 || isTold ? '' : `; ruled out: ${ruledOut.map(escapeInline).join(', ')}`;
  return [
    above === undefined ? 'cause' : '',
    `${escapeInline(what)} (${percentage(confidence)})${atText(proxy)}${more}${without}`,
  ];
}

/** `, proxy 2`, where there are several. */
function atText(proxy: number | undefined): string {
  return proxy === undefined ? '' : `, proxy ${proxy}`;
}

function fixText(
  fix: Fix,
  { label, before }: { label: string; before: readonly FaultFound[] },
  options: CheckScreenOptions,
): string {
  const { palette, columns } = options;
  const told = before.find((other) => fixesOf(other).some((each) => textOf(each) === textOf(fix)));
  const where = `${escapeInline(fix.where)}${fix.basis === 'measured' ? '' : UNTRIED}${atText(fix.proxy)}`;
  if (told !== undefined)
    return rowsText([[label, `${where}: the same as of ${escapeInline(told.fault)}`]], palette, columns);
  return rowsText([[label, where]], palette, columns) + fixLinesText(fix, options);
}

/** All others were seen to help with the product itself. */
const UNTRIED = ' (documented, not tried by us)';

/** Who mends it in the proxy, as comes first, need not be told how the application is proved. */
function provedOf(fixes: readonly Fix[]): readonly Fix[] {
  const [first] = fixes;
  return first === undefined || first.where === AT_APPLICATION
    ? fixes
    : fixes.filter(({ where }) => where !== AT_APPLICATION);
}

/** The first of each. */
function unique<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const byKey = new Map<string, T>();
  for (const item of items) if (!byKey.has(keyOf(item))) byKey.set(keyOf(item), item);
  return [...byKey.values()];
}
