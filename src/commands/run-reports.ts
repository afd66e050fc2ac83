import type { ListenOptions } from '../listen/options.ts';
import type { RunReporter } from '../listen/run-report.ts';
import { maskUrl } from '../results/redaction.ts';
import { checkWritable, writeResult } from './result-file.ts';

/**
 * The files in which a run is kept when it is over.
 *
 * @throws SseKitError exit 23 for one that can't be written
 */
export async function reportsOf(options: ListenOptions): Promise<RunReporter[]> {
  const { junitFile } = options;
  if (junitFile === undefined) return [];
  checkWritable('--junit', junitFile);
  const { listenJunit } = await import('../report/listen-junit.ts');
  return [(run) => writeResult('--junit', junitFile, listenJunit(run, targetOf(options)))];
}

function targetOf({ source, showSecrets }: ListenOptions): string {
  switch (source.kind) {
    case 'http': {
      const { href } = source.request.url;
      return showSecrets ? href : maskUrl(href);
    }
    case 'stdin':
      return '-';
    case 'recording':
      return 'a recording';
  }
}
