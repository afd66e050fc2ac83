import { activity as payload } from '../payloads/activity.ts';
import { applicationPreset } from './application.ts';

export const activity = applicationPreset({
  name: 'activity',
  summary: 'who did what to what',
  event: 'activity',
  payload,
  intervalMs: 500,
});
