import { usageError } from '../../../client/errors.ts';

const FOR = '--for 30s is how long the run is.';
const STREAMS = '-c 100 holds so many streams open.';
const RATE = '-r 100/s starts so many streams a second, whatever the server does.';
const RAMP = '--ramp-up 10s is how long the streams take to come.';
const WORKERS = '--workers 4 is how many processes make the load; left out, as many as it needs.';
const NO_COUNT =
  'A run is as long as --for has it: -c 100 holds streams open, -r 100/s starts them, --max-events 1 ends each.';
const TIMEOUT = '-m 10s bounds an attempt, --connect-timeout and --idle-timeout its parts.';
const RESULT = '-o FILE.json keeps the result, --format json prints it.';
const ALL_PRINTED = 'Leave it out: all latencies are printed; --format json has them for scripts.';
const RETRIES =
  'Streams try again for ever: --reconnect none has them not, --retry-delay and --retry-max are the waits.';
const PARALLEL = `One run has many streams: ${STREAMS}`;
const RESUME = "-H 'Last-Event-ID: ID' has all streams begin behind it.";
const HEADERS = 'ssekit listen -v shows the request and the response headers of one stream.';

/**
 * Flags of other load generators (ab, autocannon, hey, k6, locust, oha, vegeta, wrk), and of curl and `listen` where they
 * mean something else in a load test: what to write instead.
 */
export const OTHER_TOOLS: Readonly<Record<string, string>> = {
  '--duration': FOR,
  '--run-time': FOR,
  '--timelimit': FOR,
  '--time': FOR,
  '--seconds': FOR,
  '-z': FOR,
  '-t': `${FOR} ${WORKERS}`,
  '--concurrency': STREAMS,
  '--concurrent': STREAMS,
  '--clients': STREAMS,
  '--num-clients': STREAMS,
  '--users-count': STREAMS,
  '--num-users': STREAMS,
  '--vus': STREAMS,
  '--max-vus': STREAMS,
  '--max-connections': STREAMS,
  '--streams': STREAMS,
  '--parallel': PARALLEL,
  '-Z': PARALLEL,
  '--qps': RATE,
  '-q': RATE,
  '--rps': RATE,
  '-R': RATE,
  '--overallRate': RATE,
  '--connectionRate': RATE,
  '--arrival-rate': RATE,
  '--query-per-second': RATE,
  '--spawn-rate': RAMP,
  '--ramp': RAMP,
  '--rampup': RAMP,
  '--ramp-time': RAMP,
  '--threads': WORKERS,
  '-w': WORKERS,
  '--max-workers': WORKERS,
  '--processes': WORKERS,
  '-n': NO_COUNT,
  '--requests': NO_COUNT,
  '--num-requests': NO_COUNT,
  '--amount': NO_COUNT,
  '-a': NO_COUNT,
  '--iterations': NO_COUNT,
  '--timeout': TIMEOUT,
  '--max-duration': TIMEOUT,
  '--out': RESULT,
  '--summary-export': RESULT,
  '--output-format': RESULT,
  '--renderStatusCodes': ALL_PRINTED,
  '--latency': ALL_PRINTED,
  '--summary': ALL_PRINTED,
  '--write-out': ALL_PRINTED,
  '--no-tui': 'Leave it out, or -s for no line of progress.',
  '--quiet': '-s leaves out the line of progress.',
  '--no-progress': '-s leaves out the line of progress.',
  '--method': '-X POST',
  '--body': '-d TEXT, --json TEXT, or @FILE for either.',
  '-D': '-d @FILE, or --json @FILE',
  '--disable-keepalive': 'Leave it out: each stream has a connection of its own.',
  '--pipelining':
    'Leave it out: each stream has a connection of its own; over HTTP/2 --streams-per-connection N.',
  '-p': 'Leave it out: each stream has a connection of its own; over HTTP/2 --streams-per-connection N.',
  '--retry': RETRIES,
  '--retries': RETRIES,
  '--no-retry': '--reconnect none',
  '--retry-all-errors': RETRIES,
  '--retry-connrefused': RETRIES,
  '--retry-max-time': RETRIES,
  '--reconnect-delay': '--retry-delay 3s, and --retry-max for repeated failures.',
  '--follow': 'Leave it out: streams reconnect unless --reconnect none.',
  '--last-event-id': RESUME,
  '--range': RESUME,
  '-C': RESUME,
  '--continue-at': RESUME,
  '--limit-rate': '--slow 10%@1KB/s has some streams read only so fast; 100% is all of them.',
  '--interface': '--local-address ADDRESS',
  '--next': 'Give the URLs one after the other: streams go to them in turn.',
  '-:': 'Give the URLs one after the other: streams go to them in turn.',
  '-I': HEADERS,
  '--head': HEADERS,
  '--dump-header': HEADERS,
  '--trace': HEADERS,
  '--trace-ascii': HEADERS,
  '--trace-time': '-o FILE.ndjson has a line for each second.',
  '--timestamps': '-o FILE.ndjson has a line for each second.',
  '--raw': 'ssekit listen --format raw prints the body of one stream.',
  '--csv': '-o FILE.csv has a row for each second.',
};

/** Long flags of vegeta: behind a single dash they would be read as short ones, with the rest of the word as a value. */
const BEHIND_ONE_DASH = /^-(body|connections|duration|header|method|rate|timeout|workers)(?:=|$)/;

/** @throws SseKitError exit 2 for a long flag behind a single dash */
export function refuseSingleDash(argv: readonly string[]): void {
  const name = argv.map((word) => BEHIND_ONE_DASH.exec(word)?.[1]).find((found) => found !== undefined);
  if (name === undefined) return;
  throw usageError(`-${name}: a long flag has two dashes`, OTHER_TOOLS[`--${name}`] ?? `Write --${name}.`);
}

/** Times as other tools take them with `-d`. */
const TIME = /^\d+(?:\.\d+)?(?:ms|s|m|h)?$/;

/** What to tell whoever gives `-d` a time, as wrk and autocannon take it: here it is the body, as curl has it. */
export function bodyNote(texts: readonly string[]): string | undefined {
  const time = texts.find((text) => TIME.test(text));
  if (time === undefined) return undefined;
  const unit = /\d$/.test(time) ? 's' : '';
  return `-d ${time} is a body that each stream sends, as with curl; how long the run is says --for ${time}${unit}`;
}
