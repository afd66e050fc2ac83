import type { OpenClient } from './adapter.ts';

/**
 * A client as it is often written for one server and found good enough: decodes each read for itself, splits at
 * `\n\n`, trims values, glues data lines together, hands over every block, never comes back.
 */
export const openNaiveClient: OpenClient = (url, _eventTypes, hand) => {
  const left = new AbortController();
  void (async () => {
    const response = await fetch(url, { signal: left.signal });
    let buffer = '';
    for await (const chunk of response.body ?? []) {
      buffer += new TextDecoder().decode(chunk);
      const blocks = buffer.split('\n\n');
      buffer = blocks.pop() ?? '';
      for (const block of blocks) {
        let type = 'message';
        let data = '';
        for (const line of block.split('\n')) {
          if (line.startsWith('event:')) type = line.slice(6).trim();
          if (line.startsWith('data:')) data += line.slice(5).trim();
        }
        hand({ type, data });
      }
    }
    // Whatever goes wrong, the loop is over: that is what makes it naive.
  })().catch(() => {});
  return () => left.abort();
};
