import { countTokens } from './body.ts';
import { contentText, Fields } from './fields.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Prompt, Tool } from './prompt.ts';

const ROLES = ['user', 'model', 'function'] as const;

/** What `models/MODEL:streamGenerateContent` asks for; the model is in the path. */
export function readContentRequest(body: unknown, model: string): Prompt {
  const fields = Fields.of(body);
  const contents = fields.objects('contents');
  for (const content of contents) if (content.raw('role') !== undefined) content.choice('role', ROLES);
  const texts = contents.map((content) => partsText(content));
  const system = either(fields, 'systemInstruction', 'system_instruction');
  const config = either(fields, 'generationConfig', 'generation_config');
  const last = contents.at(-1);
  return {
    model,
    question: texts.findLast((_, index) => contents[index]?.raw('role') !== 'model') ?? '',
    inputTokens: countTokens([system === undefined ? '' : partsText(system), ...texts]) + contents.length,
    maxTokens: config?.optionalCount('maxOutputTokens') ?? config?.optionalCount('max_output_tokens'),
    tools: fields.optionalObjects('tools').flatMap(declaredTools),
    toolUse: toolUse(either(fields, 'toolConfig', 'tool_config')),
    toolResult: last === undefined ? undefined : toolResultOf(last),
    thinking: config?.optionalObject('thinkingConfig')?.flag('includeThoughts') ?? false,
    schema: config === undefined ? undefined : responseSchema(config),
  };
}

/** JSON of protocol buffers has both spellings. */
function either(fields: Fields, camel: string, snake: string): Fields | undefined {
  return fields.optionalObject(camel) ?? fields.optionalObject(snake);
}

function partsText(content: Fields): string {
  content.optionalObjects('parts');
  return contentText(content.raw('parts'));
}

function declaredTools(tool: Fields): Tool[] {
  const name =
    tool.raw('function_declarations') === undefined ? 'functionDeclarations' : 'function_declarations';
  return tool.optionalObjects(name).map((declared) => ({
    name: declared.text('name'),
    parameters: declared.raw('parameters') ?? declared.raw('parametersJsonSchema'),
  }));
}

function toolUse(config: Fields | undefined): Prompt['toolUse'] {
  const calling =
    config === undefined ? undefined : either(config, 'functionCallingConfig', 'function_calling_config');
  const mode = calling?.optionalText('mode');
  const [name] =
    calling?.optionalTexts('allowedFunctionNames') ?? calling?.optionalTexts('allowed_function_names') ?? [];
  if (mode === 'NONE') return 'none';
  if (mode === 'ANY') return name === undefined ? 'required' : { name };
  return 'auto';
}

function toolResultOf(content: Fields): string | undefined {
  const result = content
    .optionalObjects('parts')
    .map((part) => either(part, 'functionResponse', 'function_response'))
    .findLast((found) => found !== undefined);
  return result === undefined ? undefined : JSON.stringify(result.raw('response') ?? {});
}

function responseSchema(config: Fields): JsonSchema | undefined {
  const schema = config.raw('responseJsonSchema') ?? config.raw('responseSchema');
  if (typeof schema === 'object') return schema as JsonSchema;
  return config.raw('responseMimeType') === 'application/json' ? { type: 'object' } : undefined;
}
