import { randomUUID } from 'node:crypto';
import type { StreamRequest } from '../../client/request.ts';
import type { OriginScript } from '../origin/script.ts';
import { withScript } from '../origin/script-text.ts';
import type { Way } from './way.ts';

/** A request along a way that has the origin do something, and the key under which the origin remembers it. */
export interface Scripted {
  key: string;
  request: StreamRequest;
}

/** @param key to be given where several requests belong to one measurement */
export function scripted(way: Way, script: Omit<OriginScript, 'key'>, key: string = randomUUID()): Scripted {
  const url = withScript(way.request.url, { key, ...script }, way.sign);
  // A type that was changed on the way is one thing, and when the bytes come another.
  return { key, request: { ...way.request, url, anyType: true } };
}
