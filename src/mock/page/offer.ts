/** What the page lets its user choose from: told by the server that sends it, so that both always agree. */
export interface Offer {
  presets: readonly { name: string; summary: string }[];
  faults: readonly OfferedFault[];
}

export interface OfferedFault {
  name: string;
  meaning: string;
  scope: 'head' | 'event' | 'moment' | 'lasting';
  /** Absent: it takes none. */
  value?: { label: string; example: string };
  /** Where it happens without a WHEN; absent: it needs one. */
  withoutWhen?: string;
}
