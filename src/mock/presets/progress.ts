import { progress as payload } from '../payloads/progress.ts';
import { applicationPreset } from './application.ts';

export const progress = applicationPreset({
  name: 'progress',
  summary: 'tasks from pending to complete or failed',
  event: 'progress',
  payload,
  intervalMs: 250,
});
