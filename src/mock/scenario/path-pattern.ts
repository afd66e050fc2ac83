import { InvalidValue, quoted } from '../../notation/invalid-value.ts';

/** `/orders/:id`, `/files/*`: which paths a route takes, and what their parts are called. */
export interface PathPattern {
  readonly text: string;
  /** In order; the rest that `*` stands for is called `*`. */
  readonly params: readonly string[];
  /** Two patterns of the same shape take the same paths. */
  readonly shape: string;
  /** @param path decoded */
  match(path: string): Readonly<Record<string, string>> | undefined;
}

const REST = '*';

/** @throws InvalidValue for a pattern that can't be, or takes what the server answers itself */
export function parsePathPattern(text: string): PathPattern {
  if (!text.startsWith('/'))
    throw new InvalidValue(`${quoted(text)} is no path`, 'It begins with a slash: /events.');
  if (/[?#]/.test(text)) {
    throw new InvalidValue(
      `${quoted(text)} is more than a path`,
      'A route is found by its path alone; templates read the query: {{query.user}}.',
    );
  }
  if (RESERVED.includes(text)) {
    throw new InvalidValue(
      `${text} is answered by the server itself`,
      `Take another path than ${RESERVED.join(', ')}.`,
    );
  }
  const segments = text.slice(1).split('/');
  const params = segments.flatMap((segment, index) => nameOf(segment, index === segments.length - 1, text));
  const twice = params.find((name, index) => params.indexOf(name) !== index);
  if (twice !== undefined) throw new InvalidValue(`${quoted(text)} names two parts ${quoted(twice)}`);
  return {
    text,
    params,
    shape: segments.map((segment) => (segment.startsWith(':') ? ':' : segment)).join('/'),
    match: (path) => matchSegments(segments, path),
  };
}

/** What every server answers before it looks at routes. */
const RESERVED = ['/publish', '/metrics', '/healthz'];

function nameOf(segment: string, last: boolean, text: string): string[] {
  if (segment === REST) {
    if (!last)
      throw new InvalidValue(
        `${quoted(text)} has a * before its end`,
        'It stands for all the rest: /files/*.',
      );
    return [REST];
  }
  if (segment.startsWith(':')) {
    const name = segment.slice(1);
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw new InvalidValue(
        `${quoted(segment)} is no name for a part of the path`,
        'Letters, digits and underscores, not a digit first: /orders/:id.',
      );
    }
    return [name];
  }
  if (segment.includes(REST)) {
    throw new InvalidValue(`${quoted(segment)} mixes * with text`, 'A * stands for all the rest: /files/*.');
  }
  return [];
}

function matchSegments(segments: readonly string[], path: string): Record<string, string> | undefined {
  const parts = path.slice(1).split('/');
  const endless = segments.at(-1) === REST;
  if (endless ? parts.length < segments.length : parts.length !== segments.length) return undefined;
  const params: [string, string][] = [];
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? '';
    if (segment === REST) params.push([REST, parts.slice(index).join('/')]);
    else if (!segment.startsWith(':')) {
      if (segment !== part) return undefined;
    } else if (part === '') return undefined;
    else params.push([segment.slice(1), part]);
  }
  return Object.fromEntries(params);
}
