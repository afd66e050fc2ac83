import type { FaultKind } from './kind.ts';
import { bom } from './kinds/bom.ts';
import { buffer } from './kinds/buffer.ts';
import { delay, jitter } from './kinds/delay.ts';
import { drop, dup, heartbeatLoss, noDone, swap } from './kinds/delivery.ts';
import { eof, noTerminator, reset, stall } from './kinds/endings.ts';
import { errorEvent } from './kinds/error-event.ts';
import { freeze } from './kinds/freeze.ts';
import { gzip } from './kinds/gzip.ts';
import { lateHeaders } from './kinds/late-headers.ts';
import { cr, crlf } from './kinds/line-ends.ts';
import { badUtf8, noNewline, nullId } from './kinds/malformed.ts';
import { oversize } from './kinds/oversize.ts';
import { retry } from './kinds/retry.ts';
import { slow } from './kinds/slow.ts';
import { split } from './kinds/split.ts';
import { status } from './kinds/status.ts';
import { truncate } from './kinds/truncate.ts';
import { wrongType } from './kinds/wrong-type.ts';

/** Every kind of fault. Where several change the same event, they do so in this order. */
export const FAULT_KINDS: readonly FaultKind[] = [
  status,
  wrongType,
  lateHeaders,
  gzip,

  oversize,
  badUtf8,
  nullId,
  retry,
  noNewline,
  cr,
  crlf,
  bom,
  split,

  delay,
  jitter,
  dup,
  swap,
  drop,
  noDone,
  heartbeatLoss,

  truncate,
  eof,
  reset,
  stall,
  noTerminator,
  errorEvent,
  freeze,

  buffer,
  slow,
];

const BY_NAME = new Map(FAULT_KINDS.map((kind) => [kind.name, kind]));

export function faultKind(name: string): FaultKind | undefined {
  return BY_NAME.get(name);
}

/** For what was parsed, where there is no doubt. */
export function requireFaultKind(name: string): FaultKind {
  const kind = BY_NAME.get(name);
  if (kind === undefined) throw new RangeError(`${name} is no kind of fault`);
  return kind;
}
