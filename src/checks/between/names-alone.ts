import type { HeaderPair } from '../../client/records.ts';
import type { Hop } from './hop.ts';
import { LOWER_CASE, LOWER_CASE_FRAMING } from './reasons.ts';

/** Fewer names than that say nothing of how they are written. */
const FEWEST_NAMES = 3;
/** Servers of applications that write all names in lower case themselves. */
const LOWER_CASE_SERVERS = /^(?:uvicorn|hypercorn|daphne|granian)\b/i;
/** Servers add these by themselves, each in a case of its own. */
const OF_SERVERS = /^(?:date|connection|keep-alive|server|transfer-encoding|content-length)$/i;

/**
 * Who may be in between, by how the names of an answer are written over HTTP/1.1, where nobody has seen how the application
 * writes them. It may write them so itself: nobody is half as sure as beside a direct way.
 */
export function namesAlone(proxied: readonly HeaderPair[]): Hop[] {
  const names = proxied.map(([name]) => name);
  const cased = names.filter((name) => name !== name.toLowerCase());
  const isOwn = proxied.some(([name, value]) => name === 'server' && LOWER_CASE_SERVERS.test(value));
  if (names.length < FEWEST_NAMES || isOwn) return [];
  // Node writes what it passes on in lower case, and speaks of the connection, which HAProxy and Envoy do not.
  if (names.includes('date') && names.includes('connection')) return [hop('node', 0.4, LOWER_CASE)];
  if (cased.length === 0)
    return [hop('haproxy', 0.3, LOWER_CASE), hop('envoy', 0.2, LOWER_CASE), hop('node', 0.1, LOWER_CASE)];
  // Names of the application come through h2o as they are.
  const passesOn = cased.some((name) => !OF_SERVERS.test(name));
  return names.includes('transfer-encoding') && passesOn ? [hop('h2o', 0.5, LOWER_CASE_FRAMING)] : [];
}

function hop(product: string, confidence: number, reason: string): Hop {
  return { product, confidence, because: [reason] };
}
