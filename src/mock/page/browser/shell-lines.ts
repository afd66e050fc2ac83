/** What is needed to open the same stream elsewhere. */
export interface StreamRequest {
  /** Whole, with the token where there is one: the line must run. */
  url: string;
  /** '' from the beginning. */
  lastEventId: string;
}

export function curlLine({ url, lastEventId }: StreamRequest): string {
  const resume = lastEventId === '' ? [] : ['-H', `Last-Event-ID: ${lastEventId}`];
  return shellLine(['curl', '-N', url, '-H', 'Accept: text/event-stream', ...resume]);
}

export function listenLine({ url, lastEventId }: StreamRequest): string {
  const resume = lastEventId === '' ? [] : ['--last-event-id', lastEventId];
  return shellLine(['ssekit', 'listen', url, '--follow', ...resume]);
}

/** Words as a POSIX shell takes them back apart. */
function shellLine(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
