import { randomBytes } from 'node:crypto';
import { isSameSecret, signatureOf } from './probe-token.ts';
import type { IsSigned } from './script-text.ts';
import type { Origin } from './visit.ts';

/** Longer than a proxy holds a request back before it sends it on, and short for who finds it in a log. */
const GRANT_MS = 300_000;
/** More than a proxy repeats a request that fails, and than a probe sends the same one. */
const MOST_USES = 16;

/**
 * Signs scripts for an origin, each for some minutes and some uses: a URL ends in logs, and who reads them is not to have the
 * origin do it again and again.
 *
 * @param now milliseconds on the origin's clock
 */
export function grantsBy(token: string, now: () => number): Origin['sign'] {
  return (script) => {
    const untilMs = Math.ceil(now() + GRANT_MS);
    // Two requests for the same are two grants.
    const grant = `${untilMs.toString(36)}-${randomBytes(6).toString('base64url')}`;
    return `${grant}.${signatureOf(`${script}.${grant}`, token)}`;
  };
}

/**
 * Whether a script was signed by who knows the token, not too long ago, and has not been followed too often. Each question counts
 * as a use.
 *
 * @param now milliseconds on the origin's clock
 */
export function grantedBy(token: string, now: () => number): IsSigned {
  const uses = new Map<string, { untilMs: number; count: number }>();
  return (script, granted) => {
    const [grant = '', signature = ''] = granted.split('.');
    if (!isSameSecret(signature, signatureOf(`${script}.${grant}`, token))) return false;
    forgetOver(uses, now());
    const untilMs = Number.parseInt(grant, 36);
    // What isn't a number is not to come.
    if (!(now() <= untilMs)) return false;
    const used = uses.get(signature) ?? { untilMs, count: 0 };
    uses.set(signature, used);
    used.count += 1;
    return used.count <= MOST_USES;
  };
}

/** In the order in which they came first, which is nearly that in which they end: the rest goes with the next ones. */
function forgetOver(uses: Map<string, { untilMs: number }>, nowMs: number): void {
  for (const [signature, { untilMs }] of uses) {
    if (untilMs >= nowMs) return;
    uses.delete(signature);
  }
}
