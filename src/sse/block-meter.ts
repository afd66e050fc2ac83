/** Tells the size of the blocks that the parser turns into events, in their order. */
export interface BlockMeter {
  /** Bytes of the block that `closeBlock` was last called for. */
  readonly closedBytes: number;
  /** Socket reads that it came in. */
  readonly closedReads: number;
  /** The parser has reached the end of the next block with data, and joined this data from it. */
  closeBlock(data: string): void;
}
