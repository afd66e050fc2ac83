import { countTokens } from './body.ts';
import { contentText, Fields } from './fields.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Prompt } from './prompt.ts';

export interface MessagesRequest {
  prompt: Prompt;
  stream: boolean;
}

const ROLES = ['user', 'assistant'] as const;
const TOOL_CHOICES = ['auto', 'any', 'tool', 'none'] as const;

/** What `POST /v1/messages` asks for. */
export function readMessagesRequest(body: unknown): MessagesRequest {
  const fields = Fields.of(body);
  const model = fields.text('model');
  fields.required('max_tokens');
  const maxTokens = fields.optionalCount('max_tokens');
  const { inputTokens, question, toolResult } = readMessages(fields);
  return {
    prompt: {
      model,
      question,
      inputTokens,
      maxTokens,
      tools: fields
        .optionalObjects('tools')
        // Those that the service runs itself have no schema.
        .filter((tool) => tool.raw('input_schema') !== undefined)
        .map((tool) => ({ name: tool.text('name'), parameters: tool.raw('input_schema') })),
      toolUse: toolChoice(fields.optionalObject('tool_choice')),
      toolResult,
      thinking: ['enabled', 'adaptive'].includes(
        fields.optionalObject('thinking')?.optionalText('type') ?? '',
      ),
      schema: outputSchema(fields),
    },
    stream: fields.flag('stream'),
  };
}

/** What `POST /v1/messages/count_tokens` asks for. */
export function readCountRequest(body: unknown): number {
  const fields = Fields.of(body);
  fields.text('model');
  return readMessages(fields).inputTokens;
}

function readMessages(fields: Fields) {
  const messages = fields.objects('messages');
  for (const message of messages) {
    message.choice('role', ROLES);
    message.required('content');
  }
  const texts = messages.map((message) => contentText(message.raw('content')));
  const last = messages.at(-1);
  const system = contentText(fields.raw('system'));
  return {
    inputTokens: countTokens([system, ...texts]) + 4 * messages.length,
    question: texts.findLast((_, index) => messages[index]?.raw('role') === 'user') ?? '',
    toolResult: last === undefined ? undefined : toolResultOf(last),
  };
}

/** A tool's result is a block of a message of the user's. */
function toolResultOf(message: Fields): string | undefined {
  if (typeof message.raw('content') === 'string') return undefined;
  const result = message.optionalObjects('content').findLast((block) => block.raw('type') === 'tool_result');
  return result === undefined ? undefined : contentText(result.raw('content'));
}

function toolChoice(choice: Fields | undefined): Prompt['toolUse'] {
  switch (choice?.choice('type', TOOL_CHOICES)) {
    case 'any':
      return 'required';
    case 'none':
      return 'none';
    case 'tool':
      return { name: choice?.text('name') ?? '' };
    default:
      return 'auto';
  }
}

function outputSchema(fields: Fields): JsonSchema | undefined {
  const format = fields.optionalObject('output_config')?.optionalObject('format');
  const schema = format?.raw('schema');
  return typeof schema === 'object' ? (schema as JsonSchema) : undefined;
}
