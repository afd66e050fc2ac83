import { readFileSync } from 'node:fs';

/** How one of the proxies of Node's is set up: plain data, in a file that its program is given the path of. */
export interface NodeSettings {
  /** Where it listens, and where the origin does, both on 127.0.0.1. */
  port: number;
  originPort: number;
  /** The origin's silence ends its answer, in milliseconds; default: never. */
  proxyTimeout?: number;
  /** Answers are handed on as streams need it (`stream-on.ts`). */
  streams?: true;
  /** Of `compression`: leaves event streams as they are. */
  sparesStreams?: true;
}

/** Those of this process, and the address of its origin. */
export function readSettings(): NodeSettings & { target: string } {
  const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as NodeSettings;
  return { ...settings, target: `http://127.0.0.1:${settings.originPort}` };
}
