/**
 * What other programs may import: the decoder and encoder of event streams, streams over HTTP with their marks and
 * their true ending, a server that misbehaves on request, and the form of what a load test leaves.
 */
export type { Attempt, AttemptStart } from './client/attempt.ts';
export { monotonicMs } from './client/clock.ts';
export { SseKitError } from './client/errors.ts';
export { type ConnectionPool, createPool } from './client/pool.ts';
export type {
  ClientReason,
  CloseInfo,
  CloseReason,
  Framing,
  HeaderPair,
  Marks,
  OpenInfo,
  Redirect,
  Warning,
} from './client/records.ts';
export type {
  ConnectionOptions,
  ConnectToRule,
  HttpVersion,
  ProxyRules,
  ResolveRule,
  StreamRequest,
  TlsOptions,
} from './client/request.ts';
export type { SentRequest, StreamSink } from './client/stream-sink.ts';
export type { Answer, Handler, PlainAnswer, StreamAnswer } from './mock/answer.ts';
export type { MockOptions } from './mock/mock-options.ts';
export { type NumberedEvent, numbered } from './mock/numbered.ts';
export type { StreamEnd } from './mock/observer.ts';
export type { RecordedRequest } from './mock/recorded-requests.ts';
export { type MockRequest, RequestError } from './mock/request.ts';
export { type Mock, startMock } from './mock/start-mock.ts';
export type { EventStep, Schedule, Step } from './mock/step.ts';
export type {
  BenchResult,
  Calibration,
  Censored,
  InvalidCode,
  InvalidReason,
  MetricFigures,
  PlanSummary,
  SeriesWindow,
  Storm,
  ThresholdResult,
  Verdict,
  WorkerHealth,
} from './results/bench/result.ts';
export { createDecoder, type DecoderOptions } from './sse/decoder.ts';
export { type EncodableEvent, encodeComment, encodeEvent, UnencodableEventError } from './sse/encoder.ts';
export { EventTooLargeError } from './sse/event-too-large.ts';
export type { Decoder, DecoderEnd, SseEvent, SseSink } from './sse/sink.ts';
