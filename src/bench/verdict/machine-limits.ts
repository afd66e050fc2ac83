import { figureText } from '../preflight/check.ts';
import type { Doubt } from './evidence.ts';

/** Errors that say that this machine, not the server, ran out of something. */
const OURS: Readonly<Record<string, string>> = {
  EMFILE: 'Raise the limit of open files (ulimit -n), or use more --workers: each is a process of its own.',
  ENFILE: 'The whole system ran out of open files: raise fs.file-max.',
  EADDRNOTAVAIL:
    'Local ports ran out, or a source address is not there: use several --local-address, several URLs, or fewer streams.',
  EADDRINUSE: 'The ports of a source address ran out: use more --local-address, or fewer streams.',
  ENOBUFS: 'The kernel ran out of memory for sockets: hold fewer streams, or raise net.ipv4.tcp_mem.',
  ENOMEM: 'The machine ran out of memory: hold fewer streams.',
};

export const machineLimits: Doubt = ({ total }) => {
  const ours = total.errors.find(({ code }) => code in OURS);
  if (ours === undefined) return undefined;
  return {
    code: 'machine-limits',
    figure: ours.count,
    limit: 0,
    unit: 'errors',
    message: `${ours.code} ${ours.count === 1 ? 'once' : `${figureText(ours.count)} times`}: ${ours.varies === true ? 'for example ' : ''}${ours.sample}`,
    remedy: OURS[ours.code] ?? '',
  };
};
