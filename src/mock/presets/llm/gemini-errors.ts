import type { FieldError } from './fields.ts';
import { type ErrorStyle, ServiceError } from './service-error.ts';
import { jsonAnswer } from './turn.ts';

/** Names of google.rpc.Code. */
const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  413: 'RESOURCE_EXHAUSTED',
  429: 'RESOURCE_EXHAUSTED',
};

/** `{"error": {code, message, status}}`, as Google answers. */
export const GEMINI_ERRORS: ErrorStyle = {
  field: ({ path, problem }: FieldError) => {
    const at = path === '' ? '* GenerateContentRequest' : `* GenerateContentRequest.${path}`;
    switch (problem.kind) {
      case 'missing':
        return new ServiceError(400, `${at}: is not specified\n`);
      case 'empty':
        return new ServiceError(400, `${at}: must not be empty\n`);
      case 'below':
        return new ServiceError(400, `${at}: must be at least ${problem.least}, not ${problem.got}\n`);
      case 'value':
        return new ServiceError(
          400,
          `${at}: must be one of ${problem.accepted.join(', ')}, not ${problem.got}\n`,
        );
      case 'type':
        return new ServiceError(400, `${at}: must be ${problem.expected}, not ${problem.got}\n`);
    }
  },
  answer({ status, message, details: { headers = {} } }) {
    const name = STATUSES[status] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT');
    return jsonAnswer(status, { error: { code: status, message, status: name } }, headers);
  },
};
