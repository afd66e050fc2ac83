import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../../bin/ssekit.js', import.meta.url));
/** Of util-linux: runs a command on a pseudo terminal of its own. */
const TERMINAL = 'script';
/** Nothing takes a tenth of it, unless its time grows with the square of an event's length. */
const DEADLINE_MS = 20_000;

/** Everything that drives a terminal or turns text around, but for the line ends that the terminal itself makes. */
const UNSAFE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;

export interface Screen {
  code: number;
  /** Both outputs as the terminal got them; line ends as LF. */
  text: string;
}

/** Runs the built command with both outputs on a pseudo terminal 100 columns wide, without colour. */
export async function onTerminal(args: readonly string[]): Promise<Screen> {
  const quoted = [process.execPath, command, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const child = spawn(TERMINAL, ['-qec', `stty cols 100; exec ${quoted.join(' ')}`, '/dev/null'], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      LANG: 'C.UTF-8',
      NO_COLOR: '1',
      TERM: 'xterm',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (status) => resolve(status ?? -1));
  });
  // Strictly: a byte that is no UTF-8 could be a C1 control.
  const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  return { code, text: text.replaceAll('\r\n', '\n') };
}

/** Nothing on the screen is a control of the server's. */
export function assertHarmless({ text }: Screen): void {
  const found = UNSAFE.exec(text);
  if (found === null) return;
  const around = text.slice(Math.max(0, found.index - 60), found.index + 20);
  assert.fail(`U+${found[0].charCodeAt(0).toString(16)} reached the terminal: ${JSON.stringify(around)}`);
}
