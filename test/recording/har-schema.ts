import { Ajv } from 'ajv';

/** The fields that HAR 1.2 demands (http://www.softwareishard.com/blog/har-12-spec/), and their types. */
const text = { type: 'string' };
const count = { type: 'number' };
const object = (properties: Record<string, object>, optional: Record<string, object> = {}) => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
});
const list = (items: object) => ({ type: 'array', items });
const pair = object({ name: text, value: text });
const phase = { type: 'number', minimum: -1 };
const date = {
  type: 'string',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$',
};

const request = object(
  {
    method: text,
    url: text,
    httpVersion: text,
    cookies: list(pair),
    headers: list(pair),
    queryString: list(pair),
    headersSize: count,
    bodySize: count,
  },
  { postData: object({ mimeType: text, params: list(pair), text }) },
);
const response = object({
  status: { type: 'integer' },
  statusText: text,
  httpVersion: text,
  cookies: list(pair),
  headers: list(pair),
  content: object({ size: count, mimeType: text }, { compression: count, text }),
  redirectURL: text,
  headersSize: count,
  bodySize: count,
});
const timings = object(
  {
    send: { type: 'number', minimum: 0 },
    wait: { type: 'number', minimum: 0 },
    receive: { type: 'number', minimum: 0 },
  },
  { blocked: phase, dns: phase, connect: phase, ssl: phase },
);
const entry = object(
  {
    startedDateTime: date,
    time: { type: 'number', minimum: 0 },
    request,
    response,
    cache: { type: 'object' },
    timings,
  },
  {
    serverIPAddress: text,
    _eventSourceMessages: list(object({ time: count, eventName: text, eventId: text, data: text })),
  },
);

const validate = new Ajv({ allErrors: true }).compile(
  object({
    log: object({
      version: { const: '1.2' },
      creator: object({ name: text, version: text }),
      entries: list(entry),
    }),
  }),
);

/** What is wrong with a HAR file, a sentence each. */
export function harFaults(value: unknown): string[] {
  if (validate(value)) return sums(value as unknown as Har);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

export interface Har {
  log: {
    entries: {
      startedDateTime: string;
      time: number;
      request: {
        url: string;
        method: string;
        headers: { name: string; value: string }[];
        queryString: object[];
        postData?: { mimeType: string; text: string };
      };
      response: {
        status: number;
        bodySize: number;
        redirectURL: string;
        content: { size: number; mimeType: string; compression?: number };
        headers: { name: string; value: string }[];
      };
      timings: Record<string, number>;
      _resourceType: string;
      _eventSourceMessages: { time: number; eventName: string; eventId: string; data: string }[];
    }[];
  };
}

/** `time` is the sum of the phases; `ssl` is part of `connect`. */
function sums({ log }: Har): string[] {
  return log.entries.flatMap(({ time, timings: phases }, index) => {
    const parts = Object.entries(phases).filter(([name, ms]) => name !== 'ssl' && ms >= 0);
    const sum = parts.reduce((all, [, ms]) => all + ms, 0);
    return Math.abs(sum - time) < 0.01
      ? []
      : [`entry ${index}: ${time} ms is not the sum of its phases, ${sum}`];
  });
}
