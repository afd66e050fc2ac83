import { fstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { usageError } from '../client/errors.ts';

/** The files of a run, as its flags name them. */
export interface RunFiles {
  record?: string;
  junit?: string;
  state?: string;
  /** `-`: standard input. */
  from?: string;
}

interface Place {
  flag: string;
  path: string;
}

/**
 * No file of a run may be written over by another part of it: not one that is written twice, nor one that is read,
 * nor one that the shell has led an output of ours to. Pipes and devices bear several writers.
 *
 * @throws SseKitError exit 2, naming both
 */
export function refuseSharedFiles({ record, junit, state, from }: RunFiles): void {
  const written = places({ '--record': record, '--junit': junit, '--state': state });
  refuseSharedPlaces({ written, read: places({ '--from': from === '-' ? undefined : from }) });
}

/** The same for files that any flags name. */
export function refuseSharedPlaces({ written, read }: Record<'written' | 'read', readonly Place[]>): void {
  const taken = new Map<string, string>();
  for (const [fd, what] of STANDARD) take(taken, identityOf(fd), what);
  for (const { flag, path } of read) take(taken, identityOf(path), `the file of ${flag}`);
  for (const { flag, path } of written) {
    const identity = identityOf(path);
    const owner = identity === undefined ? undefined : taken.get(identity);
    if (owner !== undefined)
      throw usageError(`${flag} ${path}: this is ${owner}`, 'It would be written over: give another name.');
    take(taken, identity, `the file of ${flag}`);
  }
}

const STANDARD: readonly (readonly [fd: number, what: string])[] = [
  [0, 'the file that standard input comes from'],
  [1, 'the file that standard output goes to'],
  [2, 'the file that standard error goes to'],
];

function places(flags: Record<string, string | undefined>): Place[] {
  return Object.entries(flags).flatMap(([flag, path]) => (path === undefined ? [] : [{ flag, path }]));
}

function take(taken: Map<string, string>, identity: string | undefined, what: string): void {
  if (identity !== undefined) taken.set(identity, what);
}

/** The same for two ways to one ordinary file; `undefined` for what is none. */
function identityOf(file: number | string): string | undefined {
  try {
    const state =
      typeof file === 'number'
        ? fstatSync(file, { bigint: true })
        : statSync(file, { bigint: true, throwIfNoEntry: false });
    if (state === undefined) return typeof file === 'string' ? placeOf(file) : undefined;
    return state.isFile() ? `${state.dev}:${state.ino}` : undefined;
  } catch {
    // What is wrong with a path is said by whoever opens it; an output that is closed leads nowhere.
    return undefined;
  }
}

/** Where a file is going to be. */
function placeOf(path: string): string {
  const whole = resolve(path);
  return join(realpathSync(dirname(whole)), basename(whole));
}
