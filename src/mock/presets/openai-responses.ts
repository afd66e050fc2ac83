import { openAiServer } from './llm/openai-api.ts';
import { LLM_SHAPE } from './llm/turn.ts';
import type { Preset } from './preset.ts';

export const openaiResponses: Preset = {
  name: 'openai-responses',
  summary: 'OpenAI responses: named, numbered events up to response.completed',
  uses: LLM_SHAPE,
  create: (options) => openAiServer(options, 'responses'),
};
