export interface Connected {
  clientId: string;
  /** ISO 8601, UTC. */
  serverTime: string;
}

/** What application streams open with. */
export function connected(clientId: string, nowMs: number): Connected {
  return { clientId, serverTime: new Date(nowMs).toISOString() };
}
