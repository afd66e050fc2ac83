import type { Answer, Handler, PlainAnswer } from '../../answer.ts';
import { type MockRequest, RequestError } from '../../request.ts';
import { FieldError } from './fields.ts';

/** A request that a service refuses. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number;
  readonly details: ServiceErrorDetails;

  constructor(status: number, message: string, details: ServiceErrorDetails = {}) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

export interface ServiceErrorDetails {
  /** Of the body; `messages[0].role`. */
  param?: string;
  /** What programs match on, where the service has it. */
  code?: string;
  headers?: Readonly<Record<string, string>>;
}

/** How a service words its refusals. */
export interface ErrorStyle {
  field(error: FieldError): ServiceError;
  answer(error: ServiceError, request: MockRequest): PlainAnswer;
}

/** A handler whose refusals, and those of the server before it, have the shape that the service's clients expect. */
export function refusing(
  style: ErrorStyle,
  handler: (request: MockRequest) => Answer | Promise<Answer>,
): Handler {
  return async (request) => {
    try {
      return await handler(request);
    } catch (error) {
      return style.answer(serviceError(error, style), request);
    }
  };
}

function serviceError(error: unknown, style: ErrorStyle): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof FieldError) return style.field(error);
  if (!(error instanceof RequestError)) throw error;
  return new ServiceError(error.status, error.message, { headers: error.headers });
}
