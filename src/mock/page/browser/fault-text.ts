export interface FaultChoice {
  kind: string;
  value: string;
  when: string;
  /** Of this client: the server counts its connections from 1. */
  firstConnectionOnly: boolean;
}

/** As the server reads it: `conn:1:KIND=VALUE@WHEN`. */
export function faultText({ kind, value, when, firstConnectionOnly }: FaultChoice): string {
  const parts = [kind, value === '' ? '' : `=${value}`, when === '' ? '' : `@${when}`];
  return `${firstConnectionOnly ? 'conn:1:' : ''}${parts.join('')}`;
}
