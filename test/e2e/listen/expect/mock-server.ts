import { after, before } from 'node:test';
import { type Outcome, type RunningCli, startCli } from '../../harness/cli.ts';
import { runCommand } from '../../harness/command.ts';

/**
 * One `serve-mock` for all tests of a file; what it serves, a query decides. Returns what runs `listen` on such a query
 * with some rules.
 */
export function listenToMock(...flags: string[]) {
  let mock: RunningCli | undefined;
  let url = '';
  before(async () => {
    mock = startCli(['serve-mock', '--port', '0', ...flags], { deadlineMs: 170_000 });
    await mock.printed(/^ready \S+\n/m);
    url = /^ready (\S+)$/m.exec(mock.stdout)?.[1] ?? '';
  });
  after(async () => {
    mock?.signal('SIGINT');
    await mock?.gone;
  });
  return {
    url: (query: string) => `${url}events?${query}`,
    expect: (query: string, rules: readonly string[], ...words: string[]): Promise<Outcome> =>
      runCommand([
        'listen',
        `${url}events?${query}`,
        '--format',
        'data',
        ...rules.flatMap((rule) => ['--expect', rule]),
        ...words,
      ]),
  };
}

/** The lines of the closing list: each rule with what became of it. */
export function listed({ stderr }: Outcome): string[] {
  return [...stderr.matchAll(/^ {2}(?:expect)? +(.* · (?:pass|FAIL|undecided) · .*)$/gm)].map(
    ([, line = '']) => line,
  );
}
