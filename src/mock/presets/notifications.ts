import { notification as payload } from '../payloads/notification.ts';
import { applicationPreset } from './application.ts';

export const notifications = applicationPreset({
  name: 'notifications',
  summary: 'what a user is told: info, warning, error',
  event: 'notification',
  payload,
  intervalMs: 1_000,
});
