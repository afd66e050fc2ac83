import type { WriteStream } from 'node:fs';
import { createWriteStream, openSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { SseKitError } from '../client/errors.ts';
import type { LiveForm, ResultForm } from '../report/bench/forms/form.ts';
import { FORMS, type FormEntry } from '../report/bench/forms/registry.ts';
import type { LiveWindow } from '../results/bench/live.ts';
import type { BenchResult } from '../results/bench/result.ts';
import type { ResultOutput } from './flags/output-flag.ts';
import { cannotWrite, checkWritable, writeResult } from './result-file.ts';

const FLAG = '--output';

/** So much may wait for a disk that doesn't answer; what comes after it is lost, which is told. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** A file of `-o`, from before the run until after it. */
interface OutputFile {
  window(live: LiveWindow): void;
  /** @throws SseKitError exit 23 */
  finish(result: BenchResult): Promise<void>;
}

/** The files that a run is kept in: some grow while it goes on, the others are written when it is over. */
export class OutputFiles {
  readonly #files: readonly OutputFile[];

  private constructor(files: readonly OutputFile[]) {
    this.#files = files;
  }

  /**
   * @param when `live`: windows come while the run goes on; `over`: there is its result alone
   * @throws SseKitError exit 23 for one that can't be written, before anything happens
   */
  static async open(outputs: readonly ResultOutput[], when: 'live' | 'over'): Promise<OutputFiles> {
    for (const { path } of outputs) checkWritable(FLAG, path);
    const forms = await Promise.all(outputs.map(({ ending }) => loadForm(ending)));
    return new OutputFiles(
      outputs.map(({ path }, at) => {
        const { live, text } = forms[at] as ResultForm;
        if (live !== undefined && (when === 'live' || text === undefined)) return new GrowingFile(path, live);
        return new WholeFile(path, (result) => text?.(result) ?? '');
      }),
    );
  }

  window(live: LiveWindow): void {
    for (const file of this.#files) file.window(live);
  }

  /**
   * Writes what is left to write. One that fails keeps none of the others from it.
   *
   * @throws SseKitError exit 23, naming every file that failed
   */
  async finish(result: BenchResult): Promise<void> {
    const ends = await Promise.allSettled(this.#files.map((file) => file.finish(result)));
    const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as SseKitError] : []));
    const [first, ...more] = failures;
    if (first === undefined) return;
    if (more.length === 0) throw first;
    throw new SseKitError(first.code, first.exitCode, failures.map(({ message }) => message).join('; '), {
      hint: first.hint,
      cause: first,
    });
  }
}

async function loadForm(ending: ResultOutput['ending']): Promise<ResultForm> {
  const entry: FormEntry = FORMS[ending];
  if (entry.load === undefined) throw new Error(`${ending} has no form`);
  return entry.load();
}

/** Written at the end, all at once. */
class WholeFile implements OutputFile {
  readonly #path: string;
  readonly #text: (result: BenchResult) => string;

  constructor(path: string, text: (result: BenchResult) => string) {
    this.#path = path;
    this.#text = text;
  }

  window(): void {}

  async finish(result: BenchResult): Promise<void> {
    await writeResult(FLAG, this.#path, this.#text(result));
  }
}

/** Grows with each window; each goes to the operating system at once, so that a crash leaves what there was. */
class GrowingFile implements OutputFile {
  readonly #path: string;
  readonly #form: LiveForm;
  readonly #out: WriteStream;
  #begun = false;
  #failure: Error | undefined;

  constructor(path: string, form: LiveForm) {
    this.#path = path;
    this.#form = form;
    this.#out = openToWrite(path);
    this.#out.once('error', (error) => {
      this.#failure ??= error;
    });
  }

  window(live: LiveWindow): void {
    if (this.#failure !== undefined) return;
    if (this.#out.writableLength > MAX_WAITING_BYTES) {
      this.#failure = new Error('the disk did not take what was written');
      return;
    }
    this.#out.write(this.#begin(live.run) + this.#form.window(live));
  }

  async finish(result: BenchResult): Promise<void> {
    if (this.#failure === undefined) {
      const { startedAt, target, plan } = result;
      this.#out.end(this.#begin({ startedAt, target, plan }) + this.#form.tail(result));
      await finished(this.#out).catch((error: Error) => {
        this.#failure ??= error;
      });
    } else {
      this.#out.destroy();
    }
    if (this.#failure !== undefined) throw cannotWrite(FLAG, this.#path, this.#failure);
  }

  #begin(run: LiveWindow['run']): string {
    if (this.#begun) return '';
    this.#begun = true;
    return this.#form.head(run);
  }
}

/** At once, replacing what was there: a path that can't be opened is told before the run. */
function openToWrite(path: string): WriteStream {
  try {
    return createWriteStream(path, { fd: openSync(path, 'w') });
  } catch (error) {
    throw cannotWrite(FLAG, path, error);
  }
}
