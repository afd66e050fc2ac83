import type { MockRequest } from '../../../src/mock/request.ts';
import type { TemplateScope } from '../../../src/mock/templates/scope.ts';
import { seededRandom } from '../../../src/stats/random.ts';

/** A request as handlers see it; what a test doesn't name is unremarkable. */
export function fakeRequest(
  parts: Partial<Omit<MockRequest, 'query'>> & { query?: string } = {},
): MockRequest {
  const { query = '', path = '/events', ...rest } = parts;
  return {
    method: 'GET',
    path,
    target: query === '' ? path : `${path}?${query}`,
    headers: {},
    httpVersion: '1.1',
    secure: false,
    client: '127.0.0.1',
    remoteAddress: '127.0.0.1',
    connection: 1,
    params: {},
    user: undefined,
    lastEventId: '',
    random: seededRandom(1),
    body: async () => Buffer.alloc(0),
    onLeave: () => {},
    ...rest,
    query: new URLSearchParams(query),
  };
}

export function scope(parts: Partial<TemplateScope> = {}): TemplateScope {
  return {
    request: fakeRequest(),
    body: undefined,
    n: 1,
    nowMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    random: seededRandom(1),
    ...parts,
  };
}
