import {
  count,
  flag,
  list,
  number,
  object,
  oneOf,
  only,
  optional,
  recordOf,
  ref,
  type Schema,
  text,
} from '../json-schema.ts';
import type {
  Cause,
  CheckResult,
  Evidence,
  Fix,
  Measured,
  ProbeResult,
  ProxyGuess,
  ProxySeen,
} from './result.ts';

const figure: Schema<Measured[string]> = {
  type: ['number', 'string', 'boolean', 'null', 'array'],
  items: { type: 'number' },
};

const measuredDef: Schema<Measured> = recordOf(
  figure,
  'Figures by name: milliseconds end in Ms, bytes in Bytes.',
);

const evidenceDef = object<Evidence>({
  k: text('Stable name of what was seen.'),
  v: { type: ['number', 'string', 'boolean'] },
  n: optional(count('So many …')),
  of: optional(count('… of so many.')),
});

const confidence = { ...number('0 to 1.'), minimum: 0, maximum: 1 } as Schema<number>;

const causeDef = object<Cause>({
  id: text(
    'Product and setting: nginx.proxy_buffering; nginx.unlisted for one that no catalogue has, somebody.unlisted for who was not seen.',
  ),
  what: optional(text('In words, of what no catalogue has.')),
  confidence,
  ruledOut: list(text()),
  proxy: optional(
    count('Whose it is: its place in path.proxies, from 1. Absent where there is one, or it cannot be told.'),
  ),
});

const fixDef = object<Fix>({
  where: text('Product and the versions that it holds for, or the origin.'),
  place: optional(text('The same, whatever the version: lines of one place go together.')),
  reload: optional(text('The command that makes it take effect there.')),
  line: text('What to write there.'),
  basis: oneOf('measured', 'documented'),
  caution: optional(text('What it may break.')),
  verify: text('Flags of check-proxy that prove it.'),
  proxy: optional(
    count(
      'Where it goes: its place in path.proxies, from 1. Absent where there is one, it cannot be told, or it is for the origin.',
    ),
  ),
});

const measured = ref('measured', measuredDef);

const probeDef = object<ProbeResult>({
  probe: text(),
  status: oneOf('pass', 'warn', 'fail'),
  fault: optional(text('Stable id of what is wrong; present where it warns or fails.')),
  summary: text('A sentence with the figures.'),
  onlyIf: optional(
    text(
      'Present where it passed by what nobody has told the run: what has to be so, and what to do where it is not.',
    ),
  ),
  direct: measured,
  proxied: measured,
  evidence: list(ref('evidence', evidenceDef)),
  limitedByClock: optional(
    only(true, 'It turns on a shorter time than the clocks of the two machines tell, and may be wrong.'),
  ),
  runs: count('How often it was measured: a failure is repeated once.'),
  durationMs: number('All of its runs, along both ways; others may have run beside it.'),
  causes: list(ref('cause', causeDef)),
  fixes: list(ref('fix', fixDef)),
  proxy: optional(
    count(
      'Which of several proxies does it: its place in path.proxies, from 1. Absent where there is one, or it cannot be told.',
    ),
  ),
});

const guessDef = object<ProxyGuess>({
  name: text(),
  confidence,
  because: list(text()),
  version: optional(text('As a header tells it.')),
});

const proxyDef = object<ProxySeen>({
  candidates: list(guessDef),
  via: optional(text('What it calls itself in Via.')),
});

const resultDef = object<CheckResult>({
  schema: only(1, 'Grows when a field changes its meaning or goes; new ones come without.'),
  kind: only('check-proxy'),
  tool: object<CheckResult['tool']>({ name: only('ssekit'), version: text() }),
  target: text('The URL behind which the proxy is; credentials in it are masked.'),
  mode: oneOf('own-origin', 'remote-origin', 'passive', 'demo'),
  startedAt: text('ISO 8601.'),
  durationMs: number(),
  origin: optional(text()),
  clock: optional(
    object<NonNullable<CheckResult['clock']>>({
      aheadMs: number('Time of day of an origin on another machine, less ours, at the end of the run.'),
      uncertaintyMs: number('How far that may be off either way.'),
    }),
  ),
  path: object<CheckResult['path']>({
    clientHttp: text(),
    originHttp: optional(text()),
    hops: list(text()),
    guess: optional(guessDef),
    proxies: list(proxyDef),
    proxyOrder: optional(oneOf('seen', 'assumed')),
  }),
  results: list(ref('probe', probeDef)),
  skipped: list(object<CheckResult['skipped'][number]>({ probe: text(), why: text() })),
  interrupted: flag('The run was ended before all probes had run.'),
  error: optional(
    object<NonNullable<CheckResult['error']>>({
      code: text('Stable name of what was wrong.'),
      exit: count('The exit code of the command.'),
      message: text(),
      hint: optional(text('What to do about it.')),
    }),
  ),
});

/** The JSON Schema of a result of check-proxy. */
export const CHECK_RESULT_SCHEMA: Record<string, unknown> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A result of ssekit check-proxy',
  ...resultDef,
  $defs: { measured: measuredDef, evidence: evidenceDef, cause: causeDef, fix: fixDef, probe: probeDef },
};

export const CHECK_RESULT_SCHEMA_FILE = 'check-proxy-result.json';
