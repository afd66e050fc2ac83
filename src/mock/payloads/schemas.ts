import type { PayloadName } from './registry.ts';

/** As far as the shapes need it: JSON Schema, draft 2020-12. */
export interface PayloadSchema {
  $schema: string;
  title: string;
  description: string;
  type: 'object';
  required: readonly string[];
  properties: Readonly<Record<string, object>>;
}

const text = { type: 'string', minLength: 1 } as const;
const timestamp = {
  description: 'Milliseconds since 1970-01-01T00:00:00Z.',
  type: 'integer',
  minimum: 0,
} as const;

/**
 * What the data of each event type looks like, for programs to check streams against. Fields that aren't named may
 * come besides: applications add their own.
 */
export const PAYLOAD_SCHEMAS: Readonly<Record<PayloadName, PayloadSchema>> = {
  notification: schema('notification', 'Something that a user is told.', {
    id: text,
    type: { enum: ['info', 'warning', 'error'] },
    title: text,
    body: { type: 'string' },
    timestamp,
  }),
  activity: schema('activity', 'Who did what to what.', {
    userId: text,
    action: text,
    resource: text,
    timestamp,
  }),
  progress: schema(
    'progress',
    'How far a task has come.',
    {
      taskId: text,
      percent: { type: 'number', minimum: 0, maximum: 100 },
      status: { enum: ['pending', 'running', 'complete', 'failed'] },
    },
    { message: { type: 'string' } },
  ),
  'ai:token': schema('ai:token', 'A piece of an answer that is being written.', {
    token: { type: 'string' },
    done: { description: 'The answer is whole: nothing more comes for this message.', type: 'boolean' },
    messageId: text,
  }),
  connected: schema('connected', 'The first event of an application stream.', {
    clientId: text,
    serverTime: {
      description: 'ISO 8601, UTC.',
      type: 'string',
      pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$',
    },
  }),
  error: schema('error', 'A failure in mid-stream.', { code: text, message: { type: 'string' } }),
};

/** The name of the file that carries the schema: a colon is none on every system. */
export function schemaFileName(name: string): string {
  return `${name.replaceAll(':', '-')}.json`;
}

function schema(
  title: string,
  description: string,
  required: Record<string, object>,
  optional: Record<string, object> = {},
): PayloadSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    description,
    type: 'object',
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}
