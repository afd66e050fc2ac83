import { parseChoice } from '../../notation/choice.ts';
import { activity } from './activity.ts';
import { burst } from './burst.ts';
import { notifications } from './notifications.ts';
import type { Preset } from './preset.ts';
import { progress } from './progress.ts';
import { quiet } from './quiet.ts';

/** In the order in which lists show them. The plain ticks that a server serves without a preset are not among them. */
export const PRESETS: readonly Preset[] = [notifications, activity, progress, quiet, burst];

/** @throws InvalidValue with the names that are known */
export function parsePreset(text: string): Preset {
  const name = parseChoice(
    text,
    PRESETS.map((preset) => preset.name),
  );
  return PRESETS.find((preset) => preset.name === name) as Preset;
}
