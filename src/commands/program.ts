/**
 * What the commands begin with that are printed to be typed. Who ran this by npx has no `ssekit` on the PATH; npx, which is
 * `npm exec`, leaves its name in the environment.
 */
export function programOf({ npm_command, npm_lifecycle_event }: NodeJS.ProcessEnv): string {
  return npm_command === 'exec' && npm_lifecycle_event === 'npx' ? 'npx ssekit' : 'ssekit';
}
