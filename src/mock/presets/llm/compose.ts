import type { AnswerPart, LlmAnswer } from '../../../llm/answer.ts';
import { tokenise } from '../../../llm/tokens.ts';
import { type Random, wholeNumber } from '../../../stats/random.ts';
import { sampleJson } from './json-sample.ts';
import { isObject } from './json-schema.ts';
import { chosenTool, type Prompt } from './prompt.ts';
import { paragraphs, thoughts } from './prose.ts';

/** An answer is held whole, as some formats repeat it whole at their end. */
export const MOST_TOKENS = 100_000;

const QUOTED = 80;
const LOOKED_AT = 10_000;

export interface Wishes {
  /** The text has exactly so many tokens, at most {@link MOST_TOKENS}. */
  tokens: number | undefined;
  /** The text itself. */
  text: string | undefined;
  /** A tool is called, whatever was asked. */
  tool: boolean;
}

/** What the model answers: drawn, but of the kind and length that the request asks for. */
export function compose(prompt: Prompt, wishes: Wishes, random: Random): LlmAnswer {
  const parts: AnswerPart[] = [];
  if (prompt.thinking) parts.push({ kind: 'thinking', tokens: thinking(random) });
  const tool = chosenTool(prompt, wishes.tool);
  if (tool !== undefined) {
    const given = sampleJson(tool.parameters, random);
    // Arguments are an object: a tool without parameters, or with others, is called with none.
    const tokens = tokenise(JSON.stringify(isObject(given) ? given : {}));
    parts.push({ kind: 'tool', name: tool.name, tokens });
    return { model: prompt.model, parts, finish: 'tool', inputTokens: prompt.inputTokens };
  }
  const { tokens, whole } = cut(textTokens(prompt, wishes, random), prompt.maxTokens);
  parts.push({ kind: 'text', tokens });
  return {
    model: prompt.model,
    parts,
    finish: whole ? 'stop' : 'length',
    inputTokens: prompt.inputTokens,
  };
}

function textTokens(prompt: Prompt, { tokens, text }: Wishes, random: Random): string[] {
  if (text !== undefined) return tokenise(text);
  if (prompt.schema !== undefined) return tokenise(JSON.stringify(sampleJson(prompt.schema, random)));
  const most = Math.min(tokens ?? Infinity, MOST_TOKENS);
  const paragraphCount = tokens === undefined ? wholeNumber(random, 2, 4) : Infinity;
  const found: string[] = tokenise(opening(prompt));
  let count = 0;
  for (const paragraph of paragraphs(random)) {
    if (count >= paragraphCount || found.length >= most) break;
    if (found.length > 0) found.push('\n\n');
    for (const token of tokenise(paragraph)) found.push(token);
    count += 1;
  }
  return found.slice(0, most);
}

/** Shows that the request was understood. */
function opening({ question, toolResult }: Prompt): string {
  if (toolResult !== undefined) return `The tool answered “${excerpt(toolResult)}”.`;
  return question === '' ? '' : `You asked: “${excerpt(question)}”`;
}

function excerpt(text: string): string {
  // Prompts may be megabytes of anything: only the beginning is looked at.
  const [line = ''] = text.slice(0, LOOKED_AT).trimStart().split('\n', 1);
  const characters = [...line.trimEnd().slice(0, 4 * QUOTED)];
  return characters.length > QUOTED ? `${characters.slice(0, QUOTED - 1).join('')}…` : characters.join('');
}

function thinking(random: Random): string[] {
  const count = wholeNumber(random, 2, 4);
  const said: string[] = [];
  for (const thought of thoughts(random)) {
    if (said.length >= count) break;
    said.push(thought);
  }
  return tokenise(said.join(' '));
}

function cut(tokens: string[], most = Infinity): { tokens: string[]; whole: boolean } {
  return tokens.length <= most ? { tokens, whole: true } : { tokens: tokens.slice(0, most), whole: false };
}
