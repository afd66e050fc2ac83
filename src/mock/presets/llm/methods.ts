import type { MockRequest } from '../../request.ts';
import { ServiceError } from './service-error.ts';

/** A request that brings nothing, as those of browsers and `ssekit listen` do. */
export async function isBodiless(request: MockRequest): Promise<boolean> {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  return request.method === 'POST' && (await request.body()).toString('utf8').trim() === '';
}

/** @param allowed the methods that there are, as the header lists them */
export function wrongMethod({ method, path }: MockRequest, allowed: string): ServiceError {
  return new ServiceError(405, `Not allowed to ${method} on ${path}. (HINT: use ${allowed}.)`, {
    code: 'method_not_supported',
    headers: { allow: allowed },
  });
}
