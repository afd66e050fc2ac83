import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { SseKitError, usageError } from '../../client/errors.ts';
import { parseScenario } from './parse.ts';
import { problemLines } from './problem.ts';
import { type ScenarioOptions, type ScenarioSite, scenarioSite } from './scenario-site.ts';

/** Larger files are no scenarios. */
const MOST_BYTES = 256 * 1024;

/**
 * Reads a scenario file and makes it ready to be served.
 *
 * @throws SseKitError (`SCENARIO`, exit 2) with every problem of the file, a line each: `file.yaml:12:5: …`; (`USAGE`,
 *   exit 2) where it can't be read
 */
export async function loadScenario(path: string, options: ScenarioOptions = {}): Promise<ScenarioSite> {
  const parsed = parseScenario(await readText(path));
  if (!Array.isArray(parsed)) return scenarioSite(parsed, options);
  const places = problemLines(path, parsed);
  const hint = 'docs/scenarios.md tells what a scenario can say.';
  throw new SseKitError('SCENARIO', 2, places.join('\n'), { hint, places });
}

/** However large the file is, or how endless: no more of it is read than a scenario may have. */
async function readText(path: string): Promise<string> {
  const bytes = await readStart(path).catch((error: unknown) => {
    if (error instanceof SseKitError || !(error instanceof Error && 'code' in error)) throw error;
    throw usageError(`${path}: can't be read: ${REASONS[String(error.code)] ?? error.message}`);
  });
  if (bytes.length > MOST_BYTES) {
    throw usageError(
      `${path}: more than ${MOST_BYTES / 1024} KB, which no scenario needs`,
      'Large events are made by the fault oversize=SIZE.',
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The decoder says nothing of where; that the file is no text is all there is to say.
    throw usageError(
      `${path}: is not UTF-8 text`,
      'A scenario is a YAML file. Recordings are served by --replay.',
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission',
};

async function readStart(path: string): Promise<Buffer> {
  const found = await stat(path);
  if (!found.isFile()) {
    throw usageError(
      `${path}: can't be read: it is ${found.isDirectory() ? 'a folder' : 'no ordinary file'}`,
      'A scenario is read again when it changes: save it as a file first.',
    );
  }
  // A pipe that has come in its place would have this wait for a writer, for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const buffer = Buffer.alloc(MOST_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}
