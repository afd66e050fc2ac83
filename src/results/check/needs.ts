/** Why a probe was skipped that looking alone has not: what makes it measurable. */
export const NEEDS_ORIGIN = 'needs the origin: --origin HOST:PORT';
