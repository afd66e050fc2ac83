export interface LimitRule {
  /** Streams that one user (with auth; else one client) may have open at a time. */
  maxPerUser: number;
}
