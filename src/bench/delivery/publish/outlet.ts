import type { PublishOptions, RequestRecipe } from '../../options.ts';

/** An event to publish: rendered when it leaves, so that its stamp is the instant that it is sent. */
export interface Outgoing {
  n: number;
  render(): string;
}

/** Where events are published to. */
export interface Outlet {
  /** So many may wait for an answer at a time. */
  readonly mostAtOnce: number;
  /**
   * Resolves when it was accepted.
   *
   * @throws SseKitError where it was refused, or no answer came
   */
  publish(event: Outgoing): Promise<void>;
  /** Gives up what waits for an answer, and resolves when nothing is left of it. */
  close(): Promise<void>;
}

/**
 * Opens what the options name.
 *
 * @param request how streams connect, which the publisher does alike
 * @throws SseKitError where it can't be reached
 */
export async function openOutlet(
  { target, headers }: PublishOptions,
  request: RequestRecipe,
): Promise<Outlet> {
  switch (target.kind) {
    case 'http': {
      const { HttpOutlet } = await import('./http-outlet.ts');
      return new HttpOutlet(new URL(target.url), { headers, request });
    }
    case 'redis': {
      const { openRedisOutlet } = await import('./redis-outlet.ts');
      return openRedisOutlet(target.url, target.channel);
    }
    case 'exec': {
      const { ExecOutlet } = await import('./exec-outlet.ts');
      return new ExecOutlet(target.command, process.env);
    }
  }
}
