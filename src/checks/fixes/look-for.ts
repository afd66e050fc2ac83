import type { FaultId } from '../faults/fault.ts';
import type { FixKind } from './cause-kind.ts';

/** What to look for in a configuration of which no line is known that does it. */
export const LOOK_FOR: Readonly<Partial<Record<FaultId, FixKind>>> = {
  'buffer.timer': {
    line: '# look for a flush interval, and for what gathers small writes in the kernel (TCP_CORK, no TCP_NODELAY)',
    basis: 'documented',
    source: 'https://www.rfc-editor.org/rfc/rfc1122#section-4.2.3.4',
  },
  'compression.holds-events': {
    line: '# look for what compresses every type, and leave out text/event-stream',
    basis: 'documented',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-8.4',
  },
  'rate.limit': {
    line: '# look for a limit of bytes a second, and leave out text/event-stream',
    basis: 'documented',
    source: 'https://www.rfc-editor.org/rfc/rfc2475#section-2.3.3.3',
  },
  'origin.not-asked': {
    line: '# look for a limit of requests or of connections, for servers beside this one, and for answers that are kept',
    basis: 'documented',
    source: 'https://www.rfc-editor.org/rfc/rfc6585#section-4',
  },
  'headers.type-changed': {
    line: '# look for what sets or removes Content-Type in answers, and leave out text/event-stream',
    basis: 'documented',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-7.7',
  },
  'headers.cors-twice': {
    line: '# look for what adds Access-Control-Allow-Origin to answers: let it take that of the application out first, or set it in its place',
    basis: 'documented',
    source: 'https://fetch.spec.whatwg.org/#cors-check',
  },
  'headers.lost': {
    line: '# look for what sets or removes headers of answers: what it does not know a proxy has to pass on',
    basis: 'documented',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-5.1',
  },
};
