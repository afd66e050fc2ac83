import type { OriginPlace } from '../../../checks/origin/own-origin.ts';
import { parseChoice } from '../../../notation/choice.ts';
import { parseCount } from '../../../notation/count.ts';
import { parseDuration, parseSeconds } from '../../../notation/duration.ts';
import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';
import { type ColorWhen, colorFlags } from '../color.ts';
import { parseFileName } from '../files.ts';
import { Flag, GENERAL } from '../flag.ts';
import { parseRemoteOrigin, parseTokenFlag, type TokenFlag } from '../probe-token.ts';
import type { RequestFlags } from '../request-flags.ts';
import { parseOriginPlace } from './origin-place.ts';

/** The flags of `check-proxy` as parsed: every key may be absent. */
export interface CheckProxyFlags extends RequestFlags {
  origin?: OriginPlace;
  remoteOrigin?: URL;
  probeToken?: TokenFlag;
  direct?: string;
  proxyIs?: readonly string[];
  only?: readonly string[];
  skip?: readonly string[];
  long?: boolean;
  silences?: readonly number[];
  heartbeat?: number;
  maxConnections?: number;
  maxTime?: number;
  strict?: boolean;
  list?: boolean;
  /** `true`: all of them. */
  explain?: string | true;
  format?: 'text' | 'json';
  output?: CheckProxyOutput[];
  silent?: boolean;
  showSecrets?: boolean;
  color?: ColorWhen | false;
  config?: string;
  curl?: boolean;
  mask?: boolean;
}

/** A file for the result, and what is written into it. */
interface CheckProxyOutput {
  path: string;
  form: 'json' | 'junit';
}

/** As in a load test: five minutes, as curl waits, say nothing more. */
export const CONNECT_TIMEOUT = { ms: 10_000, text: '10s' };

const CHECK = 'Check:';
const OUTPUT = 'Output:';

const FORMATS = ['text', 'json'] as const;

/** Longer than a proxy waits by default; and no silence is worth more. */
const LONGEST_SILENCE_MS = 3_600_000;
const MOST_SILENCES = 10;
const MOST_CONNECTIONS = 10_000;
/** A probe needs one along either way. */
const FEWEST_CONNECTIONS = 2;

export function checkProxyFlags(): Flag[] {
  return [...checkFlags(), ...outputFlags()];
}

function checkFlags(): Flag[] {
  const group = CHECK;
  return [
    new Flag('--origin <host:port>', 'listen there as the origin: where the proxy sends its requests', {
      group,
      once: true,
      parse: parseOriginPlace,
    }),
    new Flag('--remote-origin <url>', 'where serve-mock --probe listens on another machine', {
      group,
      once: true,
      guarded: true,
      parse: parseRemoteOrigin,
    }),
    new Flag('--probe-token <token>', 'its token, or @FILE; better: SSEKIT_PROBE_TOKEN in the environment', {
      group,
      guarded: true,
      parse: parseTokenFlag,
    }),
    new Flag('--direct <url>', 'the same stream past the proxy, where ssekit is not the origin', {
      group,
      once: true,
      guarded: true,
    }),
    new Flag(
      '--proxy-is <names>',
      'who is in between, where you know: nginx, or nginx,haproxy from the client on',
      {
        group,
        parse: parseNames,
      },
    ),
    new Flag('--only <probes>', 'run these alone, a comma list', { group, parse: parseNames }),
    new Flag('--skip <probes>', 'run all but these', { group, parse: parseNames }),
    new Flag('--long', 'run the probes that take minutes, too', { group }),
    new Flag('--silences <times>', 'how long the idle probe is silent (20s,35s,65s)', {
      group,
      parse: parseSilences,
    }),
    new Flag('--heartbeat <time>', 'what the application sends into silence (15s)', {
      group,
      parse: (text) => parseDuration(text, { minMs: 1 }),
    }),
    new Flag('--max-connections <n>', 'open at once, along both ways together (50)', {
      group,
      parse: parseMost,
    }),
    new Flag('-m, --max-time <time>', 'end after this time with exit code 28, and what there is', {
      group,
      parse: (text) => parseSeconds(text),
    }),
    new Flag('--strict', 'warnings fail the run, too', { group }),
    new Flag('--list', 'show every probe: what it proves, and how long it takes', { group }),
    new Flag(
      '--explain [name]',
      'a fault, a cause or a probe: what it is, what mends it; without: all faults',
      {
        group,
      },
    ),
  ];
}

function outputFlags(): Flag[] {
  const group = OUTPUT;
  return [
    new Flag('--format <format>', 'of the result on standard output: text or json (text)', {
      group,
      words: FORMATS,
      parse: (text) => parseChoice(text, FORMATS),
    }),
    new Flag('-o, --output <file>', 'the result: FILE.json, or FILE.xml for JUnit (repeatable)', {
      group,
      repeat: true,
      guarded: true,
      parse: parseOutput,
    }),
    new Flag('-s, --silent', 'no line of progress, no notes', { group }),
    new Flag('--show-secrets', 'show credentials instead of •••', { group, guarded: true }),
    ...colorFlags(group),
    new Flag('--curl', 'print the equivalent curl command, secrets included, and exit', { group: GENERAL }),
    new Flag('--mask', 'hide the secrets in it', { group: GENERAL }),
    new Flag('--config <file>', 'defaults for flags (default: ssekit.config.json)', {
      group: GENERAL,
      parse: parseFileName,
    }),
    // Of a pasted line of curl.
    new Flag('-i, --include', 'accepted, without effect', { group, hidden: true }),
    new Flag('-v, --verbose', 'accepted, without effect', { group, hidden: true }),
  ];
}

/** Whether there are such probes is looked up later: most command lines name none, and load none. */
function parseNames(text: string): readonly string[] {
  const names = text.split(',').map((each) => each.trim());
  if (names.includes(''))
    throw new InvalidValue(`${quoted(text)} has a name missing`, 'Names stand in a list with commas.');
  return [...new Set(names)];
}

function parseSilences(text: string): readonly number[] {
  const parts = text.split(',');
  if (parts.length > MOST_SILENCES) throw new InvalidValue(`there are more than ${MOST_SILENCES} silences`);
  const silences = parts.map((part) => parseDuration(part, { minMs: 1, maxMs: LONGEST_SILENCE_MS }));
  return [...new Set(silences)].toSorted((one, other) => one - other);
}

function parseMost(text: string): number {
  const count = parseCount(text, FEWEST_CONNECTIONS);
  if (count > MOST_CONNECTIONS) {
    throw new InvalidValue(
      `${quoted(text)} is too many: at most ${MOST_CONNECTIONS}`,
      'ssekit bench opens more.',
    );
  }
  return count;
}

const FORMS: Readonly<Record<string, CheckProxyOutput['form']>> = { '.json': 'json', '.xml': 'junit' };

function parseOutput(text: string): CheckProxyOutput {
  const path = parseFileName(text);
  const ending = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase() ?? '';
  const form = FORMS[ending];
  if (form !== undefined) return { path, form };
  throw new InvalidValue(
    `${quoted(text)} says by its ending what it is to hold: ${ending === '' ? 'it has none' : `${ending} is not known`}`,
    'Write FILE.json for the result, FILE.xml for JUnit.',
  );
}
