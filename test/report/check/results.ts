import type { CheckResult, ProbeResult } from '../../../src/results/check/result.ts';
import { withVerdict } from '../../../src/results/check/verdict.ts';

/** A probe that passed. */
export function aPass(probe: string): ProbeResult {
  return {
    ...{ probe, status: 'pass', summary: 'all as it was directly', direct: {}, proxied: {} },
    ...{ evidence: [], runs: 1, durationMs: 1_510, causes: [], fixes: [] },
  };
}

/** Events that wait until a buffer is full, as the probe of the timing sees it. */
export function aHeldBack(changes: Partial<ProbeResult> = {}): ProbeResult {
  return {
    probe: 'timing',
    status: 'fail',
    fault: 'buffer.threshold',
    summary: '15 events, 100 ms apart, came in 1 burst, 1.51 s late',
    direct: { p95Ms: 0.6, bursts: 15, arrivalsMs: Array.from({ length: 15 }, (_, n) => n * 100) },
    proxied: { p95Ms: 1504, bursts: 1, arrivalsMs: Array.from({ length: 15 }, () => 1_505) },
    evidence: [
      { k: 'modalBurstBytes', v: 4096, n: 54, of: 56 },
      { k: 'xabCures', v: true },
    ],
    runs: 2,
    durationMs: 3_280,
    causes: [{ id: 'nginx.proxy_buffering', confidence: 0.95, ruledOut: ['nginx.gzip'] }],
    fixes: [
      {
        where: 'nginx < 1.29.7',
        line: 'proxy_buffering off; proxy_http_version 1.1; proxy_set_header Connection "";',
        basis: 'measured',
        verify: '--only timing,threshold',
      },
      {
        where: 'origin',
        line: 'X-Accel-Buffering: no',
        basis: 'measured',
        caution: 'it is for nginx alone',
        verify: '--only timing',
      },
    ],
    ...changes,
  };
}

/** A proxy that does nothing to a stream. */
export function aResult(changes: Partial<CheckResult> = {}): CheckResult {
  return withVerdict({
    schema: 1,
    kind: 'check-proxy',
    tool: { name: 'ssekit', version: '1.0.0' },
    target: 'http://127.0.0.1:8080/events',
    mode: 'own-origin',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 42_000,
    origin: '127.0.0.1:41873',
    path: { clientHttp: '1.1', originHttp: '1.1', hops: [], proxies: [] },
    results: ['timing', 'headers-first', 'threshold', 'encoding', 'client-gone', 'share', 'retry'].map(aPass),
    skipped: [{ probe: 'lifetime', why: 'needs --long', leftOut: true }],
    interrupted: false,
    ...changes,
  });
}

/** nginx as it comes, before 1.29.7. */
export function aTroubledResult(changes: Partial<CheckResult> = {}): CheckResult {
  return aResult({
    path: {
      clientHttp: '1.1',
      originHttp: '1.0',
      hops: [],
      proxies: [],
      guess: { name: 'nginx', confidence: 0.95, because: ['xab-consumed', 'server-header'] },
    },
    results: [
      aHeldBack(),
      aHeldBack({
        probe: 'threshold',
        summary: 'bursts of 4096 bytes: 54 of 56',
        direct: { bursts: 400 },
        proxied: { bursts: 56, burstsBytes: [3932, 4096, 4096, 4096] },
      }),
      {
        ...aPass('truncation'),
        status: 'fail',
        fault: 'truncation.masked',
        summary: 'the origin died in the middle of the stream, and the client saw a normal end',
      },
      {
        ...aPass('share'),
        status: 'warn',
        fault: 'cache.shared-when-public',
        summary: 'two clients got one stream where Cache-Control: public let them',
      },
      ...['idle', 'encoding', 'client-gone', 'bytes'].map(aPass),
    ],
    skipped: [
      { probe: 'lifetime', why: 'needs --long', leftOut: true },
      { probe: 'h2', why: 'the proxy has no HTTP/2' },
    ],
    ...changes,
  });
}
