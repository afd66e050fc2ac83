import { openAiServer } from './llm/openai-api.ts';
import { LLM_SHAPE } from './llm/turn.ts';
import type { Preset } from './preset.ts';

export const openai: Preset = {
  name: 'openai',
  summary: 'OpenAI chat completions: chunks without names, ended by [DONE]',
  uses: LLM_SHAPE,
  create: (options) => openAiServer(options, 'chat'),
};
