import { INVALID_PARAMS, isObject, RpcError } from './rpc.ts';

/** What a call comes to, and how it gets there. */
export interface Course {
  /** Steps before the result, each with what it tells where the client wants to know. */
  steps: readonly string[];
  /** Before each step and before the result. */
  stepMs: number;
  result: object;
  /** The stream ends behind so many steps, in order: the client has to come back for the rest. */
  hangUpAfter?: number;
}

export interface ToolDefaults {
  stepMs: number;
  steps: number;
}

interface Tool {
  definition: {
    name: string;
    title: string;
    description: string;
    inputSchema: object;
    outputSchema?: object;
  };
  call(given: Arguments, defaults: ToolDefaults): Course;
}

const LONGEST_TEXT = 65_536;
const MOST_STEPS = 100;
const LONGEST_STEP_MS = 60_000;

const TOOLS: readonly Tool[] = [
  {
    definition: {
      name: 'echo',
      title: 'Echo',
      description: 'Says what it is told.',
      inputSchema: {
        type: 'object',
        properties: { text: { type: 'string', maxLength: LONGEST_TEXT } },
        required: ['text'],
      },
    },
    call: (given) => atOnce(textResult(given.text('text'))),
  },
  {
    definition: {
      name: 'add',
      title: 'Add',
      description: 'Adds two numbers.',
      inputSchema: {
        type: 'object',
        properties: { a: { type: 'number' }, b: { type: 'number' } },
        required: ['a', 'b'],
      },
      outputSchema: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] },
    },
    call(given) {
      const sum = given.number('a') + given.number('b');
      return atOnce({ ...textResult(String(sum)), structuredContent: { sum } });
    },
  },
  {
    definition: {
      name: 'count',
      title: 'Count',
      description: 'Counts slowly, and tells how far it has come.',
      inputSchema: {
        type: 'object',
        properties: {
          steps: { type: 'integer', minimum: 1, maximum: MOST_STEPS },
          interval_ms: { type: 'number', minimum: 0, maximum: LONGEST_STEP_MS },
          hang_up_after: {
            type: 'integer',
            minimum: 1,
            maximum: MOST_STEPS,
            description: 'The stream ends after so many steps; the rest waits for the client to resume.',
          },
        },
      },
    },
    call(given, defaults) {
      const count = given.wholeNumber('steps', 1, MOST_STEPS) ?? Math.min(defaults.steps, MOST_STEPS);
      const stepMs = given.between('interval_ms', 0, LONGEST_STEP_MS) ?? defaults.stepMs;
      const hangUpAfter = given.wholeNumber('hang_up_after', 1, MOST_STEPS);
      return {
        steps: Array.from({ length: count }, (_, index) => `${index + 1} of ${count}`),
        stepMs,
        result: textResult(`Counted to ${count}.`),
        ...(hangUpAfter === undefined ? {} : { hangUpAfter }),
      };
    },
  },
  {
    definition: {
      name: 'fail',
      title: 'Fail',
      description: 'Always fails, in the way of tools: a result that is an error.',
      inputSchema: { type: 'object', properties: {} },
    },
    call: () => atOnce(errorResult('This tool always fails.')),
  },
];

export const TOOL_DEFINITIONS = TOOLS.map(({ definition }) => definition);

/**
 * What a call of a tool comes to. Wrong arguments are a result as well, so that a model can correct itself.
 *
 * @throws RpcError -32602 for a tool that isn't there
 */
export function callTool(params: Readonly<Record<string, unknown>>, defaults: ToolDefaults): Course {
  const { name, arguments: given = {} } = params;
  const tool = TOOLS.find(({ definition }) => definition.name === name);
  if (tool === undefined) {
    const known = TOOLS.map(({ definition }) => definition.name).join(', ');
    throw new RpcError(
      INVALID_PARAMS,
      `Unknown tool: ${JSON.stringify(name)?.slice(0, 80)}. There are ${known}.`,
    );
  }
  if (!isObject(given)) throw new RpcError(INVALID_PARAMS, '"arguments" must be an object');
  try {
    return tool.call(new Arguments(given), defaults);
  } catch (error) {
    if (!(error instanceof WrongArgument)) throw error;
    return atOnce(errorResult(error.message));
  }
}

class WrongArgument extends Error {}

class Arguments {
  readonly #given: Readonly<Record<string, unknown>>;

  constructor(given: Readonly<Record<string, unknown>>) {
    this.#given = given;
  }

  text(name: string): string {
    const value = this.#given[name];
    if (typeof value !== 'string') throw new WrongArgument(`${name} must be a string`);
    if (value.length > LONGEST_TEXT) {
      throw new WrongArgument(`${name} must have at most ${LONGEST_TEXT} characters, not ${value.length}`);
    }
    return value;
  }

  number(name: string): number {
    const value = this.#given[name];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new WrongArgument(`${name} must be a number`);
  }

  between(name: string, min: number, max: number): number | undefined {
    if (this.#given[name] === undefined) return undefined;
    const value = this.number(name);
    if (value < min || value > max)
      throw new WrongArgument(`${name} must be from ${min} to ${max}, not ${value}`);
    return value;
  }

  wholeNumber(name: string, min: number, max: number): number | undefined {
    const value = this.between(name, min, max);
    if (value !== undefined && !Number.isInteger(value))
      throw new WrongArgument(`${name} must be a whole number`);
    return value;
  }
}

function atOnce(result: object): Course {
  return { steps: [], stepMs: 0, result };
}

function textResult(text: string): object {
  return { content: [{ type: 'text', text }], isError: false };
}

function errorResult(text: string): object {
  return { content: [{ type: 'text', text }], isError: true };
}
