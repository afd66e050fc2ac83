import type { ConformanceCase } from './case.ts';
import * as dispatch from './cases/dispatch.ts';
import * as encoding from './cases/encoding.ts';
import * as fields from './cases/fields.ts';
import * as ids from './cases/last-event-id.ts';
import * as lineEnds from './cases/line-ends.ts';
import { networkErrors } from './cases/network-errors.ts';
import * as reconnect from './cases/reconnect.ts';
import * as redirects from './cases/redirects.ts';
import { retry, retryDigits } from './cases/retry.ts';
import * as stops from './cases/stops.ts';

/**
 * The suite, in its order. For a client that goes through all of it on one object, it ends where that must not come
 * back, or fails to: so first comes what shows how it comes back, late what may end it where it does wrong (failing
 * connections, types); behind the 204 only what it need not come to, as many clients end there (ids that don't fit
 * into their headers).
 */
export const CASES: readonly ConformanceCase[] = [
  reconnect.cleanEnd,
  retry,
  retryDigits,
  ids.lastEventId,
  ids.idWithoutData,
  ids.keptId,
  ids.emptyId,
  ids.idWithoutColon,
  ids.idOfEvents,
  lineEnds.lf,
  lineEnds.crlf,
  lineEnds.cr,
  lineEnds.mixedLineEnds,
  lineEnds.crlfSplit,
  encoding.bom,
  encoding.utf8Split,
  encoding.invalidUtf8,
  fields.comments,
  fields.multiLine,
  fields.emptyData,
  fields.noColon,
  fields.spaces,
  fields.colons,
  fields.unknownFields,
  dispatch.eventType,
  dispatch.eventTypeReset,
  dispatch.eventTypeLast,
  dispatch.noData,
  dispatch.big,
  dispatch.unfinished,
  redirects.redirect301,
  redirects.redirect307,
  reconnect.cutOff,
  reconnect.reset,
  networkErrors,
  ids.nulId,
  encoding.typeParameters,
  stops.stop204,
  encoding.typeCase,
  ids.nonAsciiId,
  stops.stop404,
  stops.stopType,
  stops.stop503,
];
