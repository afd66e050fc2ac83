const BY_NPX = /^['"]?ssekit\b/;

/**
 * What the commands begin with that are printed to be typed. Who ran this by npx has no `ssekit` on the PATH; npx, which is
 * `npm exec`, leaves what it runs in the environment, also of whatever that starts.
 */
export function programOf({
  npm_command,
  npm_lifecycle_event,
  npm_lifecycle_script = '',
}: NodeJS.ProcessEnv): string {
  const isByNpx =
    npm_command === 'exec' && npm_lifecycle_event === 'npx' && BY_NPX.test(npm_lifecycle_script);
  return isByNpx ? 'npx ssekit' : 'ssekit';
}
