import { headerValue } from '../../client/headers.ts';
import { quoted } from '../../notation/invalid-value.ts';
import { SCRIPT_PARAMETER } from '../origin/script.ts';
import type { SeenRequest, Stray } from '../origin/visit.ts';

/** The origin was asked, and not as the client had asked. */
export interface Astray {
  /** What came to it, a sentence without a full stop, behind who asked. */
  what: string;
  /** What to change, a sentence. */
  hint: string;
}

/** What came between two looks at the list, which forgets its oldest. */
export function cameSince(before: readonly Stray[], after: readonly Stray[]): Stray[] {
  const known = new Map<string, number>();
  for (const stray of before) {
    const text = JSON.stringify(stray);
    known.set(text, (known.get(text) ?? 0) + 1);
  }
  return after.filter((stray) => {
    const text = JSON.stringify(stray);
    const left = known.get(text) ?? 0;
    known.set(text, left - 1);
    return left <= 0;
  });
}

/** @returns nothing where none of them is what became of a probe's request */
export function astrayIn(strays: readonly Stray[], originHost: string): Astray | undefined {
  const request = strays.find((stray): stray is SeenRequest => 'target' in stray && isAStream(stray));
  if (request !== undefined) return changed(request);
  const spoken = strays.flatMap((stray) => ('speaks' in stray ? [stray.speaks] : []));
  if (spoken.includes('TLS')) {
    return {
      what: 'speaks TLS to the origin, which speaks plain HTTP',
      hint: `Have it forward to http://${originHost}, not to https://, for as long as this runs.`,
    };
  }
  if (spoken.includes('PROXY')) {
    return {
      what: 'sends the PROXY protocol ahead of its requests, which the origin does not speak',
      hint: 'Leave it out for as long as this runs (HAProxy: send-proxy, send-proxy-v2; nginx: proxy_protocol on).',
    };
  }
  if (spoken.length > 0) {
    return {
      what: 'sends the origin something that is no HTTP',
      hint: `Have it forward to http://${originHost}, in HTTP/1.1 or HTTP/2.`,
    };
  }
  return undefined;
}

/** What looks after origins asks for no stream. */
function isAStream({ headers, target }: SeenRequest): boolean {
  return (
    headerValue(headers, 'accept')?.includes('text/event-stream') === true ||
    target.includes(`${SCRIPT_PARAMETER}=`)
  );
}

function changed({ method, target }: SeenRequest): Astray {
  const [path = ''] = target.split('?', 1);
  const asked = `asks the origin for ${method} ${quoted(path)}`;
  return target.includes(`${SCRIPT_PARAMETER}=`)
    ? {
        what: `${asked}, with another ?${SCRIPT_PARAMETER}=… than it was sent, which tells the origin what to do`,
        hint: 'Have it pass on the query as it is: neither decoded, nor changed, nor cut.',
      }
    : {
        what: `${asked}, without the query (?${SCRIPT_PARAMETER}=…), which tells the origin what to do`,
        hint: 'Have it pass on the query as it is (nginx: no set $args; $is_args$args behind a proxy_pass or a rewrite with variables).',
      };
}
