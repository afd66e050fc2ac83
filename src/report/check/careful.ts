import type { Fix } from '../../results/check/result.ts';
import { escapeInline } from '../escape.ts';
import type { Palette } from '../palette.ts';
import type { Row } from '../rows.ts';
import { answerHeaderIn } from './answer-header.ts';
import { AT_APPLICATION } from './proof.ts';

/** Where a remark begins behind what is to be written. */
const REMARK = / {3}[#(]/;
const COMMENT = /^#/;
/** A longer directive is called by what stands before its block, or by its first word. */
const MOST_CALLED = 40;

/** What the lines of one place need, and below that what they may break; of several lines each says whose it is. */
export function carefulRows(fixes: readonly Fix[], palette: Palette): Row[] {
  const several = new Set(fixes.map(({ line }) => line)).size > 1;
  const called = (fix: Fix) => (several ? nameOf(fix) : undefined);
  const needed = fixes.flatMap((fix) => {
    const name = called(fix);
    if (fix.needs === undefined) return [];
    return [`${name === undefined ? '' : `${name} `}needs ${fix.needs}`];
  });
  const breaking = fixes.flatMap((fix) => {
    const name = called(fix);
    if (fix.caution === undefined) return [];
    return [`${name === undefined ? '' : `${name}: `}but ${fix.caution}`];
  });
  return [
    ...[...new Set(needed)].map((text): Row => ['', escapeInline(text)]),
    ...[...new Set(breaking)].map((text): Row => ['', escapeInline(text), palette.dim]),
  ];
}

/** `proxy_request_buffering off`; what is said in words has no name. */
function nameOf({ where, line }: Fix): string | undefined {
  const [first = ''] = line.split('\n');
  if (where === AT_APPLICATION) return answerHeaderIn(first)?.header.split(':')[0];
  if (COMMENT.test(first)) return undefined;
  const directive = (first.split(REMARK)[0] ?? first).replace(/[;{\s]+$/, '');
  const names = [directive, directive.split(' {')[0], directive.split(' ')[0]];
  return names.find((name = '') => name.length <= MOST_CALLED);
}
