import type { ProxyGuess } from '../../results/check/result.ts';

/** Someone who stands in between, as far as that can be told. */
export interface Hop {
  /** Of a product, or `node`, `go` where only the language shows. */
  product: string;
  /** As a header tells it. */
  version?: string;
  /** 0 to 1. */
  confidence: number;
  /** What it was told by: `server-header`, `lower-case-names`. */
  because: readonly string[];
}

/** As the result has it. */
export function guessOf({ product: name, version, confidence, because }: Hop): ProxyGuess {
  return { name, confidence, because, ...(version !== undefined && { version }) };
}
