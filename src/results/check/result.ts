/** What a probe comes to; `skip`: it didn't run, and why. */
export type ProbeStatus = 'pass' | 'warn' | 'fail';

/** Figures by name, as the JSON has them: milliseconds end in `Ms`, bytes in `Bytes`. */
export type Measured = Readonly<Record<string, number | string | boolean | null | readonly number[]>>;

/** Something seen that points to a cause. `k` is stable: diagnosis and the JSON call it so. */
export interface Evidence {
  k: string;
  v: number | string | boolean;
  /** How many of how many. */
  n?: number;
  of?: number;
}

/** A probe that ran. */
export interface ProbeResult {
  probe: string;
  status: ProbeStatus;
  /** Present where it warns or fails. */
  fault?: string;
  /** A sentence with the figures. */
  summary: string;
  /**
   * Present where it turns on what nobody has told the run. Where it passed: what has to be so for that, and what to do where it
   * isn't. Where it warns: what has to be so for it to do harm; such a warning is a note, by which no run fails.
   */
  onlyIf?: string;
  direct: Measured;
  proxied: Measured;
  evidence: readonly Evidence[];
  /** How often it was measured: a failure is repeated once. */
  runs: number;
  /** Present where it turns on a shorter time than the clocks of two machines tell: it may be wrong for that reason. */
  limitedByClock?: true;
  /** All of its runs, along both ways. */
  durationMs: number;
  /** Likeliest first; empty where it passed. */
  causes: readonly Cause[];
  fixes: readonly Fix[];
  /** Which of several proxies does it: its place in `path.proxies`, from 1; absent where there is one, or it can't be told. */
  proxy?: number;
}

export interface Cause {
  /** `nginx.proxy_buffering`; `nginx.unlisted` for a setting that no catalogue has, `somebody.unlisted` for who was not seen. */
  id: string;
  /** In words, of what no catalogue has. */
  what?: string;
  /** 0 to 1. */
  confidence: number;
  /** Causes that what was seen excludes. */
  ruledOut: readonly string[];
  /** Whose it is: its place in `path.proxies`, from 1; absent where there is one proxy, or it can't be told. */
  proxy?: number;
}

/** What to change, and how to see that it helped. */
export interface Fix {
  /** Where it goes, with the versions that it holds for: `nginx < 1.29.7`, `origin`. */
  where: string;
  /** The same, whatever the version: lines of one place go together. Absent where it is `where`. */
  place?: string;
  /** The command that makes it take effect there. */
  reload?: string;
  /** Present where reading the configuration again does not do: `reload` is then what restarts it. */
  restart?: true;
  /** Present where such a line stands there once: it goes in the place of one that is there. */
  replaces?: true;
  /** Of two such lines the product takes none, the first, the last, or both. Absent where that is not known. */
  twice?: 'refused' | 'first' | 'last' | 'both';
  /** What to write there. */
  line: string;
  /** `measured` here, or as somebody's documentation says. */
  basis: 'measured' | 'documented';
  /** What has to be there, or it is refused or has no effect: `mod_env (Debian: a2enmod env)`. */
  needs?: string;
  /** What it may break, or does not do. */
  caution?: string;
  /** Present where the fault stays, and this makes do with it: a check finds it again. */
  eases?: true;
  /** Flags of check-proxy that prove it: `--only timing,threshold`. */
  verify: string;
  /** Which cause it is for; absent where it is whoever's, and for the origin. */
  cause?: string;
  /** Where it goes: its place in `path.proxies`, from 1; absent where there is one proxy, it can't be told, or it is for the origin. */
  proxy?: number;
}

/** Who seems to be in between. */
export interface ProxyGuess {
  name: string;
  confidence: number;
  because: readonly string[];
  /** As a header tells it. */
  version?: string;
}

/** One of several proxies, as far as it can be told from the others. */
export interface ProxySeen {
  /** Who it may be, likeliest first; nobody where nothing but `Via` tells of it. */
  candidates: readonly ProxyGuess[];
  /** What it calls itself in `Via`. */
  via?: string;
}

/** A probe that told nothing, and why. */
export interface Skipped {
  probe: string;
  why: string;
  /** Present where what is wrong keeps it from being seen: it may be when that is mended. */
  hidden?: true;
  /** Present where nobody misses it: flags or the way of checking leave it out, or there is nothing here for it to measure. */
  leftOut?: true;
}

/**
 * What a run came to. `partial`: nothing was found, and so much could not be measured that this does not say that all is well;
 * `unknown`: nothing was found, and it was ended before it was done, or nothing could be measured at all.
 */
export interface CheckVerdict {
  status: 'pass' | 'partial' | 'warn' | 'fail' | 'unknown';
  /** How many probes came to what. */
  passed: number;
  /** Without those that do harm only if something is so that nobody has told the run. */
  warned: number;
  noted: number;
  failed: number;
  /** They were to be, and could not. */
  notMeasured: number;
  leftOut: number;
}

/** All that a run of check-proxy leaves: its JSON. */
export interface CheckResult {
  schema: 1;
  kind: 'check-proxy';
  tool: { name: 'ssekit'; version: string };
  target: string;
  mode: 'own-origin' | 'remote-origin' | 'passive' | 'demo';
  startedAt: string;
  durationMs: number;
  origin?: string;
  /** Of an origin on another machine, at the end of the run: its time of day less ours, and how far that may be off. */
  clock?: { aheadMs: number; uncertaintyMs: number };
  path: {
    clientHttp: string;
    originHttp?: string;
    /** What `Via` names, the client's side first. */
    hops: readonly string[];
    /** How many addresses were added to `X-Forwarded-For` on the way: as many proxies, at least. */
    forwardedFor?: number;
    /** The likeliest of all. */
    guess?: ProxyGuess;
    /** Those that can be told apart, the client's side first. */
    proxies: readonly ProxySeen[];
    /** Who is not there, and what shows it. */
    ruledOut?: readonly { name: string; because: readonly string[] }[];
    /** Where there are several: whether something shows their order, or it is the usual one. */
    proxyOrder?: 'seen' | 'assumed';
  };
  verdict: CheckVerdict;
  results: readonly ProbeResult[];
  skipped: readonly Skipped[];
  interrupted: boolean;
  /** Present where nothing could be checked, and why: there are no results then. `exit` is the code that the command ends with. */
  error?: { code: string; exit: number; message: string; hint?: string };
}
