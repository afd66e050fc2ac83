import { drawnHexId } from '../../../llm/drawn-id.ts';
import type { FieldError } from './fields.ts';
import { type ErrorStyle, ServiceError } from './service-error.ts';
import { jsonAnswer } from './turn.ts';

/** `{"error": {message, type, param, code}}`, as OpenAI answers. */
export const OPENAI_ERRORS: ErrorStyle = {
  field: fieldError,
  answer({ status, message, details: { param = null, code = null, headers = {} } }, { random }) {
    const type = status >= 500 ? 'server_error' : 'invalid_request_error';
    return jsonAnswer(
      status,
      { error: { message, type, param, code } },
      { 'x-request-id': drawnHexId(random, 'req_', 32), ...headers },
    );
  },
};

function fieldError({ path, problem }: FieldError): ServiceError {
  const at = path === '' ? 'the body' : `'${path}'`;
  switch (problem.kind) {
    case 'missing':
      if (path === 'model') return new ServiceError(400, 'you must provide a model parameter');
      return new ServiceError(400, `Missing required parameter: ${at}.`, {
        param: path,
        code: 'missing_required_parameter',
      });
    case 'type':
      return new ServiceError(
        400,
        `Invalid type for ${at}: expected ${problem.expected}, but got ${problem.got} instead.`,
        { param: path, code: 'invalid_type' },
      );
    case 'value':
      return new ServiceError(
        400,
        `Invalid value: '${problem.got}'. Supported values are: ${problem.accepted.map((each) => `'${each}'`).join(', ')}.`,
        { param: path, code: 'invalid_value' },
      );
    case 'below':
      return new ServiceError(
        400,
        `Invalid ${at}: integer below minimum value. Expected a value >= ${problem.least}, but got ${problem.got} instead.`,
        { param: path, code: 'integer_below_min_value' },
      );
    case 'empty':
      return new ServiceError(
        400,
        `Invalid ${at}: empty array. Expected an array with minimum length 1, but got an empty array instead.`,
        { param: path, code: 'empty_array' },
      );
  }
}
