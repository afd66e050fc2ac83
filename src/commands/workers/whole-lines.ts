import type { Readable, Writable } from 'node:stream';

/** A line that is longer is passed on in parts. */
const LONGEST_LINE = 1024 ** 2;

/**
 * Passes text on in whole lines, so that the lines of several writers don't mix, and reads no further than the output
 * takes. Resolves when the input has ended; what has no line ending gets one.
 */
export function passWholeLines(input: Readable, out: Writable): Promise<void> {
  let rest = '';
  const pass = (text: string) => {
    if (out.write(text) || out.destroyed) return;
    input.pause();
    const resume = () => {
      out.off('drain', resume).off('close', resume);
      input.resume();
    };
    out.on('drain', resume).on('close', resume);
  };
  input.setEncoding('utf8').on('data', (part: string) => {
    const text = rest + part;
    const end = text.lastIndexOf('\n') + 1;
    const whole = end === 0 && text.length > LONGEST_LINE ? text.length : end;
    rest = text.slice(whole);
    if (whole > 0) pass(text.slice(0, whole));
  });
  return new Promise((resolve) => {
    input.once('close', () => {
      if (rest !== '') pass(`${rest}\n`);
      resolve();
    });
  });
}
