/** What a user would write instead of `listen`, as arguments of `node`; eventsource-parser must be installed. */

/** Starts and does nothing: the floor under every program that runs on Node. */
export const NOTHING = ['-e', '0'];

/** `node:http`, body bytes as they come. */
export function httpOneLiner(url: string): string[] {
  return ['-e', `require('node:http').get('${url}', (answer) => answer.pipe(process.stdout))`];
}

/** `fetch` with eventsource-parser, a line of data an event. */
export function fetchOneLiner(url: string): string[] {
  return [
    '--input-type=module',
    '-e',
    `import { createParser } from 'eventsource-parser';
     const parser = createParser({ onEvent: (event) => process.stdout.write(event.data + '\\n') });
     const text = new TextDecoder();
     for await (const chunk of (await fetch('${url}')).body) parser.feed(text.decode(chunk, { stream: true }));`,
  ];
}
