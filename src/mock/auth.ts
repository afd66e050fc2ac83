/** Who may open a stream. */
export interface AuthRule {
  /** Compared with `?token=`, `Authorization: Bearer` and the cookie `token`. */
  token: string;
  /** Streams end in order this long after they opened, and the token with them. Absent: never. */
  ttlMs?: number;
}
