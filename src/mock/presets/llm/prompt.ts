import type { JsonSchema } from './json-schema.ts';

/** What a request asks of a model, whatever the service it was written for. */
export interface Prompt {
  model: string;
  /** What the user said last; '' where nobody said anything. */
  question: string;
  inputTokens: number;
  /** The answer is cut there. */
  maxTokens: number | undefined;
  tools: readonly Tool[];
  toolUse: 'auto' | 'none' | 'required' | { name: string };
  /** What a tool gave back, where that was the last thing in the conversation. */
  toolResult: string | undefined;
  /** The model is to show what it thinks. */
  thinking: boolean;
  /** The answer is JSON of that shape. */
  schema: JsonSchema | undefined;
}

export interface Tool {
  name: string;
  parameters: unknown;
}

/** Only the beginnings are searched, as each name is looked for in the question. */
const LONGEST_QUESTION = 10_000;
const LONGEST_NAME = 128;
const MOST_TOOLS = 256;

/** What is called where a tool is wanted and the request names none. */
const WEATHER: Tool = {
  name: 'get_weather',
  parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
};

/**
 * The tool that the model decides on: the one it is told to use, or one that the question asks for.
 *
 * @param wanted the one who runs the mock asks for a call, whatever the request says
 */
export function chosenTool(prompt: Prompt, wanted: boolean): Tool | undefined {
  const { tools, toolUse, toolResult } = prompt;
  const [first = WEATHER] = tools;
  if (wanted) return first;
  if (toolUse === 'none' || tools.length === 0) return undefined;
  if (typeof toolUse === 'object') return tools.find(({ name }) => name === toolUse.name);
  // Its result is there: now it answers.
  if (toolResult !== undefined) return undefined;
  const question = prompt.question.slice(0, LONGEST_QUESTION).toLowerCase();
  const asked = tools.slice(0, MOST_TOOLS).find(({ name }) => isMentioned(name, question));
  if (asked !== undefined) return asked;
  const anyTool = /\b(call|use|invoke)\b.{0,60}\b(tools?|functions?)\b/s.test(question);
  return toolUse === 'required' || anyTool ? first : undefined;
}

/**
 * `get_weather` is mentioned where its name is, or the word that says what it is about.
 *
 * @param question in lower case
 */
function isMentioned(name: string, question: string): boolean {
  if (name.length > LONGEST_NAME) return false;
  if (question.includes(name.toLowerCase())) return true;
  const words = name.split(/[^\p{L}]+|(?<=\p{Ll})(?=\p{Lu})/u).map((word) => word.toLowerCase());
  return words.some((word) => word.length > 3 && !VERBS.has(word) && question.includes(word));
}

const VERBS = new Set([
  'call',
  'create',
  'delete',
  'fetch',
  'find',
  'list',
  'look',
  'make',
  'read',
  'search',
  'send',
  'with',
  'write',
]);
