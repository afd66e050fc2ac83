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
  CheckVerdict,
  Evidence,
  Fix,
  Measured,
  ProbeResult,
  ProxyGuess,
  ProxySeen,
  Skipped,
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
  restart: optional(
    only(true, 'Reading the configuration again does not do: reload is then the command that restarts it.'),
  ),
  replaces: optional(
    only(true, 'Such a line stands there once: it goes in the place of one that is there, or else is added.'),
  ),
  twice: optional(oneOf('refused', 'first', 'last', 'both')),
  line: text('What to write there.'),
  basis: oneOf('measured', 'documented'),
  needs: optional(text('What has to be there, or it is refused or has no effect: a module, a version.')),
  caution: optional(text('What it may break, or does not do.')),
  eases: optional(only(true, 'The fault stays, and this makes do with it: a check finds it again.')),
  verify: text('Flags of check-proxy that prove it.'),
  cause: optional(
    text('The id of the cause that it is for; absent where it is for the origin, and for any.'),
  ),
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
      'Present where it turns on what nobody has told the run. Where it passed: what has to be so for that, and what to do where it is not. Where it warns: what has to be so for it to do harm.',
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

const verdictDef = object<CheckVerdict>(
  {
    status: oneOf('pass', 'partial', 'warn', 'fail', 'unknown'),
    passed: count('Probes that found nothing.'),
    warned: count('Without those that are noted.'),
    noted: count(
      'Warnings of what does harm only if something is so: those that have onlyIf. No run fails by them.',
    ),
    failed: count(),
    notMeasured: count('Probes that were to be measured, and could not be.'),
    leftOut: count(
      'Probes that nobody misses: flags leave them out, or there is nothing for them to measure.',
    ),
  },
  'What the run came to; partial: nothing was found, and too much could not be measured to say that all is well.',
);

const skippedDef = object<Skipped>({
  probe: text(),
  why: text(),
  hidden: optional(only(true, 'What is wrong keeps it from being seen: it may be when that is mended.')),
  leftOut: optional(
    only(true, 'Nobody misses it: left out by flags, or there is nothing for it to measure.'),
  ),
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
    forwardedFor: optional(
      count('Addresses that were added to X-Forwarded-For on the way: at least as many proxies.'),
    ),
    guess: optional(guessDef),
    proxies: list(proxyDef),
    ruledOut: optional(
      list(
        object<NonNullable<CheckResult['path']['ruledOut']>[number]>({
          name: text('Of a product that is not there.'),
          because: list(text('What shows it.')),
        }),
      ),
    ),
    proxyOrder: optional(oneOf('seen', 'assumed')),
  }),
  verdict: verdictDef,
  results: list(ref('probe', probeDef)),
  skipped: list(skippedDef),
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
