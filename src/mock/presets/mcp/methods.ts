import {
  failure,
  INVALID_PARAMS,
  isId,
  isObject,
  METHOD_NOT_FOUND,
  notification,
  RpcError,
  type RpcRequest,
  result,
} from './rpc.ts';
import { LOG_LEVELS } from './server-messages.ts';
import type { Session } from './session.ts';
import { type Course, callTool, TOOL_DEFINITIONS, type ToolDefaults } from './tools.ts';

/** What a request leads to: messages on the way, then the answer. */
export interface Outcome {
  /** Of the steps, in their order; undefined: nobody wants to know of it. */
  told: readonly (object | undefined)[];
  /** Before each step, and before the answer. */
  stepMs: number;
  answer: object;
  /** Of the steps, before the server hangs up. */
  hangUpAfter?: number;
}

const SERVER_INFO = { name: 'ssekit-mock', title: 'ssekit serve-mock', version: '1.0.0' };

/** Does what a request asks for; what it can't do is an answer as well. */
export function perform(request: RpcRequest, session: Session, defaults: ToolDefaults): Outcome {
  try {
    if (request.method === 'tools/call') return called(request, callTool(request.params, defaults));
    return { told: [], stepMs: 0, answer: result(request.id, plainResult(request, session)) };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { told: [], stepMs: 0, answer: failure(request.id, error.code, error.message) };
  }
}

function plainResult({ method, params }: RpcRequest, session: Session): object {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: session.protocolVersion,
        capabilities: { tools: {}, logging: {} },
        serverInfo: SERVER_INFO,
        instructions: 'A mock: its tools do what they say and nothing else.',
      };
    case 'ping':
      return {};
    case 'tools/list':
      return { tools: TOOL_DEFINITIONS };
    case 'logging/setLevel': {
      const level = LOG_LEVELS.find((each) => each === params.level);
      if (level === undefined)
        throw new RpcError(INVALID_PARAMS, `"level" must be one of ${LOG_LEVELS.join(', ')}`);
      session.messages.level = level;
      return {};
    }
    default:
      throw new RpcError(METHOD_NOT_FOUND, 'Method not found');
  }
}

function called({ id, params }: RpcRequest, { steps, stepMs, result: value, hangUpAfter }: Course): Outcome {
  const meta = params._meta;
  const token = isObject(meta) && isId(meta.progressToken) ? meta.progressToken : undefined;
  const told = steps.map((message, index) =>
    token === undefined
      ? undefined
      : notification('notifications/progress', {
          progressToken: token,
          progress: index + 1,
          total: steps.length,
          message,
        }),
  );
  return { told, stepMs, answer: result(id, value), ...(hangUpAfter === undefined ? {} : { hangUpAfter }) };
}
