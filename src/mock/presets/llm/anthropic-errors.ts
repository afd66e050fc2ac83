import { drawnId } from '../../../llm/drawn-id.ts';
import type { FieldError } from './fields.ts';
import { type ErrorStyle, ServiceError } from './service-error.ts';
import { jsonAnswer } from './turn.ts';

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
};

/** `{"type": "error", "error": {type, message}, "request_id"}`, as Anthropic answers. */
export const ANTHROPIC_ERRORS: ErrorStyle = {
  field: fieldError,
  answer({ status, message, details: { headers = {} } }, { random }) {
    const type = TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
    const request_id = drawnId(random, 'req_01', 22);
    return jsonAnswer(
      status,
      { type: 'error', error: { type, message }, request_id },
      { 'request-id': request_id, ...headers },
    );
  },
};

function fieldError({ path, problem }: FieldError): ServiceError {
  // The service writes messages.0.role where others write messages[0].role.
  const at = path === '' ? 'body' : path.replaceAll('[', '.').replaceAll(']', '');
  switch (problem.kind) {
    case 'missing':
      return new ServiceError(400, `${at}: Field required`);
    case 'type':
      return new ServiceError(400, `${at}: Input should be ${problem.expected}, not ${problem.got}`);
    case 'value':
      return new ServiceError(
        400,
        `${at}: Input should be ${problem.accepted.map((each) => `'${each}'`).join(' or ')}`,
      );
    case 'below':
      return new ServiceError(400, `${at}: Input should be greater than or equal to ${problem.least}`);
    case 'empty':
      return new ServiceError(400, `${at}: at least one message is required`);
  }
}
