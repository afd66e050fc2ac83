import { Flag } from './flag.ts';

export interface WireFlags {
  wire?: boolean;
}

export function wireFlags(): Flag[] {
  const description = 'show the lines of events: endings, offsets, reads, HTTP chunks';
  return [new Flag('--wire', description, { group: 'Output:' })];
}
