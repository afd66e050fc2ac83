import assert from 'node:assert/strict';
import type { Outcome } from '../harness/cli.ts';

/** The ways to say how a run went: every format of data with every format of log. */
export const MANNERS: readonly (readonly string[])[] = [
  ['--format', 'pretty', '-v', '--summary'],
  ['--format', 'raw', '-i'],
  ['--format', 'ndjson', '-v'],
  ['--format', 'ndjson', '-s'],
];

/** None of these texts, nor what they become in Basic authentication or JSON, stands in either output. */
export function assertHidden({ stdout, stderr }: Outcome, secrets: readonly string[]): void {
  const printed = stdout + stderr;
  for (const secret of secrets) {
    for (const form of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]))
      assert.ok(!printed.includes(form), `${form} stands in ${printed}`);
  }
}

export function assertShown({ stdout, stderr }: Outcome, secrets: readonly string[]): void {
  for (const secret of secrets)
    assert.ok((stdout + stderr).includes(secret), `${secret} does not stand in ${stdout}${stderr}`);
}

export function basic(userAndPassword: string): string {
  return Buffer.from(userAndPassword).toString('base64');
}
