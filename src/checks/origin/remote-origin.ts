import { monotonicMs } from '../../client/clock.ts';
import type { SseKitError } from '../../client/errors.ts';
import { codeOf, connectFailure } from '../../client/failures.ts';
import { cannotRun } from '../cannot-run.ts';
import { ClockEstimate } from './clock-offset.ts';
import {
  CLOCK_PATH,
  CONTROL_PROTOCOL,
  PROTOCOL_HEADER,
  parseSpeaker,
  STRAYS_PATH,
  VISITS_PATH,
} from './control.ts';
import { parseStrays, parseVisits } from './control-answers.ts';
import { type ControlAnswer, ControlClient } from './control-client.ts';
import { grantsBy } from './script-grants.ts';
import type { Origin } from './visit.ts';

/** An origin on another machine, and how to be let in. */
export interface RemotePlace {
  /** Where `ssekit serve-mock --probe` listens. */
  url: URL;
  token: string;
  /** So many are kept open to ask it, at most. */
  connections: number;
  /** Of this program. */
  version: string;
  /** Ends the finding; nothing is asked any more, and lists are empty. */
  signal: AbortSignal;
}

/** The first one opens a connection; of the others one is quick. */
const ROUND_TRIPS = 12;

/**
 * Finds the origin that somebody started on another machine, and how far its clock is ahead of ours. Each later answer of its
 * says the time, too.
 *
 * @throws SseKitError exit 14 where there is none, it speaks another protocol, or the token is wrong
 */
export async function findRemoteOrigin({
  url,
  token,
  connections,
  version,
  signal,
}: RemotePlace): Promise<Origin> {
  const client = new ControlClient(url, token, connections);
  const clock = new ClockEstimate();
  // Nobody waits for what is asked now.
  const leave = () => client.close();
  signal.addEventListener('abort', leave, { once: true });
  const close = () => {
    signal.removeEventListener('abort', leave);
    client.close();
  };
  const ask = async (path: string) => {
    const answer = await answered(client, path, url, version);
    const { theirs, sentAt, receivedAt } = answer;
    if (theirs !== undefined) clock.add({ theirs, sentAt, receivedAt });
    return answer;
  };
  try {
    for (let asked = 0; asked < ROUND_TRIPS && !signal.aborted; asked += 1) await ask(CLOCK_PATH);
  } catch (error) {
    if (!signal.aborted) {
      close();
      throw error;
    }
  }
  const read = async <T>(path: string, parse: (text: string) => readonly T[] | undefined) => {
    try {
      const list = parse((await ask(path)).text);
      if (list !== undefined) return list;
    } catch (error) {
      // What is found now counts no more.
      if (signal.aborted) return [];
      throw error;
    }
    throw cannotRun('ORIGIN_ANSWER', `the origin at ${url.host} gave an answer that makes no sense`);
  };
  return {
    url: url.href,
    remote: true,
    connections,
    get clock() {
      return clock.at(monotonicMs());
    },
    sign: grantsBy(token, () => monotonicMs() + clock.at(monotonicMs()).aheadMs),
    visits: (key) => read(`${VISITS_PATH}?key=${encodeURIComponent(key)}`, parseVisits),
    strays: () => read(STRAYS_PATH, parseStrays),
    async close() {
      close();
    },
  };
}

async function answered(
  client: ControlClient,
  path: string,
  { host }: URL,
  version: string,
): Promise<ControlAnswer> {
  let answer: ControlAnswer;
  try {
    answer = await client.get(path);
  } catch (error) {
    throw unreachable(error, host);
  }
  const speaker = parseSpeaker(answer.header(PROTOCOL_HEADER));
  if (speaker === undefined) {
    throw cannotRun(
      'NOT_A_PROBE_ORIGIN',
      `${host} answers HTTP ${answer.status}, and is no origin of ssekit`,
      {
        hint: 'Start one there, and give its address: ssekit serve-mock --probe --host 0.0.0.0',
      },
    );
  }
  if (speaker.protocol !== CONTROL_PROTOCOL) {
    throw cannotRun(
      'ORIGIN_PROTOCOL',
      `the origin at ${host} is of ssekit ${speaker.version} and speaks version ${speaker.protocol} of the control protocol, ` +
        `this ssekit ${version} version ${CONTROL_PROTOCOL}`,
      { hint: 'Use the same ssekit on both machines.' },
    );
  }
  if (answer.status === 401) {
    throw cannotRun('PROBE_TOKEN', `the origin at ${host} does not know this token`, {
      hint: 'serve-mock --probe prints a new one each time it starts: set SSEKIT_PROBE_TOKEN to it.',
    });
  }
  if (answer.status !== 200 || answer.theirs === undefined)
    throw cannotRun('ORIGIN_ANSWER', `the origin at ${host} answers HTTP ${answer.status}`);
  return answer;
}

function unreachable(error: unknown, host: string): SseKitError {
  const failure = codeOf(error) === '' ? undefined : connectFailure(error, host);
  const reason = failure?.message ?? (error instanceof Error ? error.message : String(error));
  return cannotRun('ORIGIN_UNREACHABLE', `the origin at ${host} can't be reached: ${reason}`, {
    hint: 'Is ssekit serve-mock --probe running there, and does it listen to other machines (--host 0.0.0.0)?',
    cause: error,
  });
}
