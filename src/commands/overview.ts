import { COMMANDS } from './registry.ts';

/** Short on purpose: each command has its own help. */
export function overviewText(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(14)}${summary}\n`);
  return `Examples:
  ssekit listen :3000/events            tail a stream of this machine
  ssekit listen demo:                   no server at hand: an embedded one
  ssekit listen curl 'https://…' -H …   a line copied from the browser as cURL
  ssekit serve-mock --fault reset@3     a server that resets after event 3
  ssekit bench :3000/events -c 1000     1,000 streams, and how they fared
  ssekit check-proxy demo:              a proxy's faults, and what mends them

Usage: ssekit <command> [flags]

The inspector and load tester for Server-Sent Events.

Commands:
${lines.join('')}
ssekit help <command> shows its flags. ssekit --version prints the version.
`;
}
