import type { ChatOptions } from '../../../llm/openai-chat.ts';
import { countTokens } from './body.ts';
import { contentText, Fields } from './fields.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Prompt, Tool } from './prompt.ts';
import { ServiceError } from './service-error.ts';

export interface ChatRequest {
  prompt: Prompt;
  stream: boolean;
  options: ChatOptions;
}

const ROLES = ['system', 'assistant', 'user', 'function', 'tool', 'developer'] as const;
const TOOL_CHOICES = ['none', 'auto', 'required'] as const;
const EFFORTLESS = ['none', 'minimal'];

/** What `POST /v1/chat/completions` asks for. */
export function readChatRequest(body: unknown): ChatRequest {
  const fields = Fields.of(body);
  const model = fields.text('model');
  const messages = fields.objects('messages');
  for (const message of messages) message.choice('role', ROLES);
  const stream = fields.flag('stream');
  const options = fields.optionalObject('stream_options');
  if (options !== undefined && !stream) {
    throw new ServiceError(400, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", {
      param: 'stream_options',
    });
  }
  if ((fields.optionalCount('n') ?? 1) > 1) {
    throw new ServiceError(400, 'This server answers with one choice: n must be 1.', { param: 'n' });
  }
  const text = messages.map((message) => contentText(message.raw('content')));
  const last = messages.at(-1);
  return {
    prompt: {
      model,
      question: text.findLast((_, index) => messages[index]?.raw('role') === 'user') ?? '',
      inputTokens: countTokens(text) + 4 * messages.length,
      maxTokens: fields.optionalCount('max_completion_tokens') ?? fields.optionalCount('max_tokens'),
      tools: fields.optionalObjects('tools').map(chatTool),
      toolUse: readToolChoice(fields, (chosen) => chosen.optionalObject('function')?.text('name')),
      toolResult: last?.raw('role') === 'tool' ? text.at(-1) : undefined,
      thinking: isReasoning(fields.optionalText('reasoning_effort')),
      schema: responseFormat(fields.optionalObject('response_format')),
    },
    stream,
    options: {
      includeUsage: options?.flag('include_usage') ?? false,
      obfuscate: options?.flag('include_obfuscation', true) ?? true,
    },
  };
}

function chatTool(tool: Fields): Tool {
  tool.required('function');
  const described = tool.optionalObject('function');
  return { name: described?.text('name') ?? '', parameters: described?.raw('parameters') };
}

/** `auto`, `none`, `required`, or an object that names a tool, which each service nests in its own way. */
export function readToolChoice(
  fields: Fields,
  nameOf: (chosen: Fields) => string | undefined,
): Prompt['toolUse'] {
  const given = fields.raw('tool_choice');
  if (given === undefined) return 'auto';
  if (typeof given === 'string') return fields.choice('tool_choice', TOOL_CHOICES);
  const chosen = fields.optionalObject('tool_choice');
  const name = chosen === undefined ? undefined : nameOf(chosen);
  return name === undefined ? 'auto' : { name };
}

export function isReasoning(effort: string | undefined): boolean {
  return effort !== undefined && !EFFORTLESS.includes(effort);
}

function responseFormat(format: Fields | undefined): JsonSchema | undefined {
  return schemaOf(format, format?.optionalObject('json_schema'));
}

/** `{type: 'json_schema'}` with the schema inside or beside; `{type: 'json_object'}`: any object. */
export function schemaOf(format: Fields | undefined, holder: Fields | undefined): JsonSchema | undefined {
  const type = format?.optionalText('type');
  if (type === 'json_object') return ANY_OBJECT;
  if (type !== 'json_schema') return undefined;
  const schema = holder?.raw('schema');
  return typeof schema === 'object' ? (schema as JsonSchema) : ANY_OBJECT;
}

const ANY_OBJECT: JsonSchema = {
  type: 'object',
  properties: { title: { type: 'string' }, words: { type: 'array', items: { type: 'string' }, minItems: 3 } },
};
