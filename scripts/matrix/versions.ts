import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import type { ProxyProduct } from '../../test/real/proxies/proxy-product.ts';

/** Where daemons lie, which isn't on every user's path. */
const PATH = [process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter);
/** Of programs that don't print their version for `-v`. */
const WORDS: Readonly<Record<string, readonly string[]>> = { caddy: ['version'], varnishd: ['-V'] };

/** As the program prints it, and of packages of npm's as they were installed: `1.22.1`. @throws Error where none is told */
export function versionOf({ name, program }: ProxyProduct): string {
  if (program === 'node') return versionOfPackages(name);
  const { stdout, stderr } = spawnSync(program, WORDS[program] ?? ['-v'], {
    encoding: 'utf8',
    env: { PATH },
    timeout: 10_000,
  });
  const [version] = /\d+\.\d+(?:\.\d+)?/.exec(`${stdout}${stderr}`) ?? [];
  if (version === undefined) throw new Error(`${program} tells no version: ${stdout}${stderr}`);
  return version;
}

/** `compression before http-proxy-3` is made of two. */
function versionOfPackages(name: string): string {
  const packages = name
    .toLowerCase()
    .split(' ')
    .map((word) => `node_modules/${word}/package.json`);
  const versions = packages
    .filter((path) => existsSync(path))
    .map((path) => String(JSON.parse(readFileSync(path, 'utf8')).version));
  if (versions.length === 0) throw new Error(`no package is called as ${name} is`);
  return versions.join(' and ');
}
