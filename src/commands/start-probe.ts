import { hostname, networkInterfaces } from 'node:os';
import { type ProbeOrigin, startProbeOrigin } from '../checks/origin/probe-origin.ts';
import { TOKEN_VARIABLE } from './flags/probe-token.ts';
import type { CommandIo } from './io.ts';
import type { ProbeServeOptions } from './probe-options.ts';
import { programOf } from './program.ts';
import { isLoopback, readyLine } from './serve-announcement.ts';
import { untilStopped } from './until-stopped.ts';

/**
 * Is the origin of a check on another machine, until it is told to end; resolves with the exit code.
 *
 * @throws SseKitError exit 2 where it can't listen
 */
export async function startProbe(options: ProbeServeOptions, io: CommandIo): Promise<number> {
  const origin = await startProbeOrigin(options.origin);
  const stopped = untilStopped();
  io.stdout.write(readyLine(origin.url, options.format));
  if (!options.silent) io.stderr.write(howToCheck(origin, options, programOf(io.env)));
  const code = await stopped;
  await origin.close();
  return code;
}

/** The line to run on the other machine. */
function howToCheck(
  { port }: ProbeOrigin,
  { origin: { host, token }, drawn }: ProbeServeOptions,
  program: string,
): string {
  const from = reachedAt(host);
  const url = `http://${from.includes(':') ? `[${from}]` : from}:${port}/`;
  const variable = drawn ? `${TOKEN_VARIABLE}=${token} ` : '';
  const known = drawn ? '' : ` and the same ${TOKEN_VARIABLE}`;
  const lines = [
    `have the proxy send its requests here; on the other machine, with its URL${known}:`,
    `  ${variable}${program} check-proxy URL --remote-origin ${url}`,
  ];
  if (isLoopback(host)) {
    lines.push(
      `note: only this machine reaches ${host}: --host 0.0.0.0 lets others in; or, on the other one:`,
      `  ssh -N -L ${port}:${host.includes(':') ? `[${host}]` : host}:${port} ${hostname()}`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** An address that others may know this machine by, where it listens at all of them. */
function reachedAt(host: string): string {
  const family = host === '0.0.0.0' ? 'IPv4' : host === '::' ? undefined : 'none';
  if (family === 'none') return host;
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter((each) => !each.internal && !each.address.startsWith('fe80:'))
    // What most networks route.
    .sort((one, other) => Number(other.family === 'IPv4') - Number(one.family === 'IPv4'));
  const found = addresses.find((each) => family === undefined || each.family === family);
  return found?.address ?? hostname();
}
