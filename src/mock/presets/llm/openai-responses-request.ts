import type { ResponsesOptions } from '../../../llm/openai-responses.ts';
import { countTokens } from './body.ts';
import { contentText, Fields } from './fields.ts';
import { isReasoning, readToolChoice, schemaOf } from './openai-chat-request.ts';
import type { Prompt, Tool } from './prompt.ts';
import { ServiceError } from './service-error.ts';

export interface ResponsesRequest {
  prompt: Prompt;
  stream: boolean;
  options: ResponsesOptions;
}

/** What the service repeats of a request. */
const ECHOED = [
  'instructions',
  'max_output_tokens',
  'metadata',
  'parallel_tool_calls',
  'previous_response_id',
  'prompt_cache_key',
  'reasoning',
  'safety_identifier',
  'store',
  'text',
  'temperature',
  'tool_choice',
  'tools',
  'top_p',
  'truncation',
  'user',
] as const;

/** What `POST /v1/responses` asks for. */
export function readResponsesRequest(body: unknown): ResponsesRequest {
  const fields = Fields.of(body);
  const model = fields.text('model');
  const { texts, question, toolResult } = readInput(fields);
  const effort = fields.optionalObject('reasoning');
  const format = fields.optionalObject('text')?.optionalObject('format');
  const streamOptions = fields.optionalObject('stream_options');
  const stream = fields.flag('stream');
  if (fields.flag('background')) {
    throw new ServiceError(400, 'This server keeps no responses: background must be false.', {
      param: 'background',
    });
  }
  const instructions = fields.optionalText('instructions') ?? '';
  const echo = Object.fromEntries(
    ECHOED.flatMap((name) => {
      const value = fields.raw(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    prompt: {
      model,
      question,
      inputTokens: countTokens([instructions, ...texts]) + 4 * Math.max(1, texts.length),
      maxTokens: fields.optionalCount('max_output_tokens'),
      tools: functionTools(fields),
      toolUse: readToolChoice(fields, (chosen) => chosen.optionalText('name')),
      toolResult,
      thinking: effort?.optionalText('summary') !== undefined || isReasoning(effort?.optionalText('effort')),
      schema: schemaOf(format, format),
    },
    stream,
    options: { obfuscate: streamOptions?.flag('include_obfuscation', true) ?? true, echo },
  };
}

/** A string, or a list of messages and of what tools were asked and answered. */
function readInput(fields: Fields): { texts: string[]; question: string; toolResult: string | undefined } {
  const input = fields.required('input');
  if (typeof input === 'string') return { texts: [input], question: input, toolResult: undefined };
  const items = fields.optionalObjects('input');
  const texts = items.map((item) => contentText(item.raw('content')) || contentText(item.raw('output')));
  const last = items.at(-1);
  const isResult = last?.raw('type') === 'function_call_output';
  return {
    texts,
    question: texts.findLast((_, index) => items[index]?.raw('role') === 'user') ?? '',
    toolResult: isResult ? texts.at(-1) : undefined,
  };
}

/** Tools that the service would run itself aren't called. */
function functionTools(fields: Fields): Tool[] {
  return fields
    .optionalObjects('tools')
    .filter((tool) => tool.text('type') === 'function')
    .map((tool) => ({ name: tool.text('name'), parameters: tool.raw('parameters') }));
}
