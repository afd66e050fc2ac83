import type { PlainAnswer } from '../../answer.ts';

/** JSON-RPC 2.0, as the Model Context Protocol uses it: ids are strings or numbers, and nothing comes in batches. */
export type RpcMessage =
  | RpcRequest
  | { kind: 'notification'; method: string; params: Readonly<Record<string, unknown>> }
  /** To a request of the server's. */
  | { kind: 'response' };

export interface RpcRequest {
  kind: 'request';
  id: RpcId;
  method: string;
  params: Readonly<Record<string, unknown>>;
}

export type RpcId = string | number;

const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;
export const METHOD_NOT_FOUND = -32_601;
export const INVALID_PARAMS = -32_602;
export const INTERNAL_ERROR = -32_603;
/** The transport's own: a wrong header, a session that is missing. */
export const TRANSPORT_ERROR = -32_000;
export const SESSION_NOT_FOUND = -32_001;

/** Ids and progress tokens are kept and repeated. */
const LONGEST_ID = 256;

/** What becomes an HTTP answer with an error in it that belongs to no request. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly status: number;
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  toAnswer(): PlainAnswer {
    return {
      kind: 'plain',
      status: this.status,
      headers: { 'content-type': 'application/json', ...this.headers },
      body: JSON.stringify({ jsonrpc: '2.0', error: { code: this.code, message: this.message }, id: null }),
    };
  }
}

/** What becomes the answer to a request. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws TransportError 400 for what is no message */
export function parseMessage(text: string): RpcMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TransportError(400, PARSE_ERROR, 'Parse error: Invalid JSON');
  }
  if (Array.isArray(value)) {
    throw new TransportError(
      400,
      INVALID_REQUEST,
      'Invalid Request: batches are no part of the protocol any more',
    );
  }
  if (!isObject(value) || value.jsonrpc !== '2.0') throw invalid('"jsonrpc" must be "2.0"');
  const { id, method, params = {} } = value;
  if (method === undefined) {
    if (isId(id) && ('result' in value || 'error' in value)) return { kind: 'response' };
    throw invalid('neither a method, nor a result or an error with an id');
  }
  if (typeof method !== 'string') throw invalid('"method" must be a string');
  if (!isObject(params)) throw invalid('"params" must be an object');
  if (id === undefined) return { kind: 'notification', method, params };
  if (!isId(id)) throw invalid(`"id" must be a whole number, or a string of up to ${LONGEST_ID} characters`);
  return { kind: 'request', id, method, params };
}

export function result(id: RpcId, value: object): object {
  return { jsonrpc: '2.0', id, result: value };
}

export function failure(id: RpcId, code: number, message: string): object {
  return { jsonrpc: '2.0', id, error: { code, message } };
}

export function notification(method: string, params: object): object {
  return { jsonrpc: '2.0', method, params };
}

export function isId(value: unknown): value is RpcId {
  return Number.isSafeInteger(value) || (typeof value === 'string' && value.length <= LONGEST_ID);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(what: string): TransportError {
  return new TransportError(400, INVALID_REQUEST, `Invalid Request: ${what}`);
}
