import { HAR_BEGINNING } from './har.ts';
import { RecordingError } from './recording-error.ts';

/** A HAR file is one JSON text, and has to be in memory as a whole. */
const MAX_HAR_BYTES = 256 * 1024 * 1024;

export const HAR_HINT =
  'in the network panel of the developer tools: Export HAR, with the stream in the list';

export const CUT_HINT = 'its recorder was killed before an answer came';

/** What a HAR file holds; nothing in it is checked yet. */
export interface HarLog {
  entries: readonly unknown[];
  /** Records behind the last entry, in a file of ours. */
  after?: readonly unknown[];
  /** It is one of ours without its end: its recorder was killed, or is still at work. */
  isCut: boolean;
  /** The line that it was cut in. */
  cutLine?: number;
}

/** @throws RecordingError for what is no HAR file, or is not whole and not of ours */
export async function readHar(source: AsyncIterable<Buffer>): Promise<HarLog> {
  const text = await textOf(source);
  try {
    return logOf(JSON.parse(text));
  } catch (cause) {
    const isOurs = text.startsWith(HAR_BEGINNING);
    const mended = isOurs ? cutLog(text) : undefined;
    if (mended !== undefined) return mended;
    const { message } = cause as Error;
    throw new RecordingError(`a HAR file that is not whole: ${message}`, {
      hint: isOurs ? CUT_HINT : HAR_HINT,
      cause,
    });
  }
}

/** What a file has that was cut may end behind a message, or behind an entry. */
const ENDS = [']}]}}', ']}}'];

/** A file of ours as far as it goes: each of its lines ends where something is complete. */
function cutLog(text: string): HarLog | undefined {
  const withoutLast = text.slice(0, Math.max(0, text.lastIndexOf('\n')));
  for (const kept of [text, withoutLast]) {
    for (const end of ENDS) {
      try {
        const log = logOf(JSON.parse(kept.replace(/,?\n?$/, '') + end));
        if (!isWhole(log)) continue;
        return { ...log, isCut: true, ...(kept === text ? {} : { cutLine: text.split('\n').length }) };
      } catch {
        // It was cut at another place.
      }
    }
  }
  return undefined;
}

/** The last line is there as a whole: a list in the middle of it may have been closed, too. */
function isWhole({ entries, after }: HarLog): boolean {
  const last = (entries.at(-1) ?? { response: {} }) as object;
  return after === undefined && ('_eventSourceMessages' in last || 'response' in last);
}

function logOf(value: unknown): HarLog {
  const { entries, _ssekitAfter: after } = (value as { log: Record<string, unknown> }).log;
  if (!Array.isArray(entries)) throw new SyntaxError('it has no list of entries');
  return { entries, ...(Array.isArray(after) ? { after } : {}), isCut: false };
}

async function textOf(source: AsyncIterable<Buffer>): Promise<string> {
  const blocks: Buffer[] = [];
  let bytes = 0;
  for await (const block of source) {
    bytes += block.length;
    if (bytes > MAX_HAR_BYTES) {
      throw new RecordingError(`a HAR file larger than ${MAX_HAR_BYTES / 1024 ** 2} MB`, {
        hint: 'export the stream alone',
      });
    }
    blocks.push(block);
  }
  return Buffer.concat(blocks)
    .toString()
    .replace(/^\ufeff/, '');
}
