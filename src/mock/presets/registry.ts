import { parseChoice } from '../../notation/choice.ts';
import { activity } from './activity.ts';
import { aiToken } from './ai-token.ts';
import { anthropic } from './anthropic.ts';
import { burst } from './burst.ts';
import { gemini } from './gemini.ts';
import { mcp } from './mcp.ts';
import { notifications } from './notifications.ts';
import { openai } from './openai.ts';
import { openaiResponses } from './openai-responses.ts';
import type { Preset } from './preset.ts';
import { progress } from './progress.ts';
import { quiet } from './quiet.ts';
import { ticker } from './ticker.ts';

/** In the order in which lists show them; the first is the default. */
export const PRESETS: readonly Preset[] = [
  ticker,
  notifications,
  activity,
  progress,
  openai,
  openaiResponses,
  anthropic,
  gemini,
  aiToken,
  mcp,
  quiet,
  burst,
];

/** @throws InvalidValue with the names that are known */
export function parsePreset(text: string): Preset {
  const name = parseChoice(
    text,
    PRESETS.map((preset) => preset.name),
  );
  return PRESETS.find((preset) => preset.name === name) as Preset;
}
