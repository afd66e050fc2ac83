/** Opens a client of the library on a stream; events go to `hand`. Returns what closes it. */
export type OpenClient = (
  url: string,
  eventTypes: readonly string[],
  hand: (event: { type: string; data: string; lastEventId?: string }) => void,
) => () => void;

/** The adapter loop of docs/check-clients.md: a case after the other, until there is none. */
export async function runAdapter(server: string, name: string, open: OpenClient): Promise<void> {
  let close: () => void = () => {};
  for (;;) {
    const next = await fetch(`${server}check/next?name=${encodeURIComponent(name)}`);
    close();
    if (next.status === 204) return;
    const { url, seen, events } = (await next.json()) as { url: string; seen: string; events: string[] };
    let n = 0;
    close = open(url, events, ({ type: event, data, lastEventId }) => {
      n += 1;
      const body = JSON.stringify({ n, event, data, lastEventId });
      // A report on its way when the suite ends meets no server any more.
      fetch(seen, { method: 'POST', body }).catch(() => {});
    });
  }
}

interface EventSourceLike {
  addEventListener(
    type: string,
    listener: (event: { type: string; data: string; lastEventId: string }) => void,
  ): void;
  close(): void;
}

/** How every class in the shape of the browsers' EventSource is opened. */
export function openEventSource(create: (url: string) => EventSourceLike): OpenClient {
  return (url, eventTypes, hand) => {
    const source = create(url);
    for (const type of eventTypes) source.addEventListener(type, hand);
    return () => source.close();
  };
}
