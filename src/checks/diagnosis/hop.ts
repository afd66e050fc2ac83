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
