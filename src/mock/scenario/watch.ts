import { stat } from 'node:fs/promises';
import { SseKitError } from '../../client/errors.ts';
import { loadScenario } from './load.ts';
import type { ScenarioOptions, ScenarioSite } from './scenario-site.ts';

export interface WatchCallbacks {
  /** A new version of the file, free of problems. */
  onSite(site: ScenarioSite): void;
  /** A new version with problems, or no file any more: what is served stays as it is. */
  onError(error: SseKitError): void;
}

export interface ScenarioWatch {
  /** It knows the file as it is: changes from now on are seen. */
  readonly ready: boolean;
  close(): void;
}

/** How often the file is looked at. */
const POLL_MS = 100;

/**
 * Watches a scenario file from now on. It is looked at by name, again and again: that sees through links, mounts and
 * editors that put a new file in the old one's place, where notices of the system don't. A change is taken up when
 * the file has rested for a moment, so that half a file is never read.
 */
export function watchScenario(
  path: string,
  { onSite, onError }: WatchCallbacks,
  options: ScenarioOptions = {},
): ScenarioWatch {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  /** As it was when it was taken up; undefined: it hasn't been looked at yet. */
  let taken: string | undefined;
  let before: string | undefined;

  const look = async () => {
    try {
      await compare();
    } catch (error) {
      // Whatever it was, it must not end the server, nor the watching.
      if (!closed) onError(asSseKitError(error, path));
    }
  };
  const compare = async () => {
    const now = await fingerprint(path);
    taken ??= now;
    const rested = now === before;
    before = now;
    if (now === taken || !rested) return;
    taken = now;
    await takeUp();
  };
  const takeUp = async () => {
    const site = await loadScenario(path, options);
    if (!closed) onSite(site);
  };
  const again = () => {
    if (closed) return;
    timer = setTimeout(() => void look().then(again), POLL_MS);
    // Nobody is kept waiting for a file to change.
    timer.unref();
  };
  void look().then(again);

  return {
    get ready() {
      return taken !== undefined;
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

function asSseKitError(error: unknown, path: string): SseKitError {
  if (error instanceof SseKitError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SseKitError('SCENARIO', 2, `${path}: can't be taken up: ${message}`, { cause: error });
}

/** What differs where the file does. */
async function fingerprint(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${dev} ${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    return `none: ${String((error as NodeJS.ErrnoException).code)}`;
  }
}
