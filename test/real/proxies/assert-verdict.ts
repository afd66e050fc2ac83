import assert from 'node:assert/strict';
import { placeOf } from '../../../src/checks/fixes/place.ts';
import type { CheckResult, ProbeResult } from '../../../src/results/check/result.ts';
import { findings } from './checked.ts';
import { knownAs } from './known-as.ts';
import type { Verdict } from './verdicts.ts';

/** Of each probe that the verdict names: what it found; of each fault: that the likeliest cause and a fix are the product's. */
export function assertVerdict(productName: string, result: CheckResult, verdict: Verdict): void {
  const told = result.results.map(({ probe, summary }) => `${probe}: ${summary}`).join('\n');
  assert.deepEqual(findings(result), expectedOf(verdict), told);
  for (const each of result.results) if (each.fault !== undefined) assertMended(productName, each, verdict);
}

/** The interval of a heartbeat follows the limit that was seen. */
function whateverTheInterval(fix: string): string {
  return fix.replace(/a comment every [^(]*\(/, 'a comment every so often (');
}

/** By probe, in the words of `findings`. */
export function expectedOf({ faults, passes }: Verdict): Record<string, string> {
  return { ...faults, ...Object.fromEntries(passes.map((id) => [id, 'pass'])) };
}

function assertMended(
  productName: string,
  { probe, fault, causes, fixes }: ProbeResult,
  { causes: causesOf = {}, unmended = [] }: Verdict,
): void {
  const products = knownAs(productName);
  const lines = products
    .flatMap((product) =>
      product.causes.flatMap((cause) => cause.fixes.map((fix) => `${placeOf(product, fix)}: ${fix.line}`)),
    )
    .map(whateverTheInterval);
  const printed = fixes.map(({ where, line }) => whateverTheInterval(`${where}: ${line}`));
  const found = `${probe} found ${fault}, by ${causes.map(({ id }) => id).join(', ')}; fixes:\n${printed.join('\n')}`;
  const ofProduct = printed.some((fix) => lines.includes(fix));
  if (unmended.includes(probe)) {
    assert.ok(!ofProduct, `there is a fix of ${productName}'s now: ${found}`);
    return;
  }
  assert.ok(ofProduct, `no fix of ${productName}'s: ${found}`);
  const first = causes[0]?.id ?? '';
  const ids = products.map(({ id }) => id);
  if (causesOf[probe] !== undefined) assert.equal(first, causesOf[probe], found);
  else
    assert.ok(
      ids.includes(first.split('.')[0] ?? ''),
      `the first cause is none of ${productName}'s: ${found}`,
    );
}
