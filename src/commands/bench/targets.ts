import type { BenchOptions } from '../../bench/options.ts';
import { usageError } from '../../client/errors.ts';
import { maskUrl } from '../../results/redaction.ts';
import type { BenchFlags } from '../flags/bench/bench-flags.ts';
import type { RequestTarget } from '../flags/request.ts';
import { parseTarget } from '../target.ts';

/** Where the streams go: servers, or paths of the embedded one. */
export type BenchTargets =
  | { kind: 'http'; targets: readonly RequestTarget[] }
  | { kind: 'demo'; paths: readonly string[] };

/**
 * The URLs among the words of a command line and its `--url` flags. A first word `curl` is what a pasted line begins with.
 *
 * @throws SseKitError exit 2 where there is none, or they don't go together
 */
export function targetsOf(
  words: readonly string[],
  flags: Pick<BenchFlags, 'url' | 'calibrate'>,
): BenchTargets {
  const urls = [...(words[0] === 'curl' ? words.slice(1) : words), ...(flags.url ?? [])];
  if (urls.length === 0) {
    // What is measured then is this machine: no server of the user's is asked for anything.
    if (flags.calibrate === true) return { kind: 'demo', paths: ['/'] };
    throw usageError('the URL is missing', 'For example: ssekit bench :3000/events, or ssekit bench demo:');
  }
  const parsed = urls.map((url) => parseTarget(url, 'bench'));
  if (parsed.some(({ kind }) => kind === 'stdin')) {
    throw usageError('- is standard input, which is no server', 'Give the URL of a server, or demo:');
  }
  const paths = parsed.flatMap((each) => (each.kind === 'demo' ? [each.path] : []));
  if (paths.length === 0) {
    return { kind: 'http', targets: parsed.flatMap((each) => (each.kind === 'http' ? [each] : [])) };
  }
  if (paths.length === parsed.length) return { kind: 'demo', paths };
  throw usageError('demo: is beside other URLs', 'Load the embedded server in a run of its own.');
}

/** Where the embedded server is, until it has started. */
const DEMO_PLACE = 'http://127.0.0.1';

export function requestTargets(targets: BenchTargets): readonly RequestTarget[] {
  if (targets.kind === 'http') return targets.targets;
  return targets.paths.map((path) => ({ url: new URL(path, DEMO_PLACE) }));
}

/** As they are shown. */
export function targetNames(targets: BenchTargets, showSecrets: boolean): readonly string[] {
  if (targets.kind === 'demo') return targets.paths.map((path) => `demo:${path}`);
  return targets.targets.map(({ url }) => (showSecrets ? url.href : maskUrl(url.href)));
}

/** The options of a run against the embedded server, now that it has an address. */
export function onDemo(options: BenchOptions, address: string): BenchOptions {
  const { host } = new URL(address);
  const urls = options.request.urls.map((url) => Object.assign(new URL(url), { host }).href);
  return { ...options, request: { ...options.request, urls } };
}
