import type { OpenInfo } from '../../../client/records.ts';
import type { SseEvent } from '../../../sse/sink.ts';
import { countingNumber } from '../../../stats/counting-id.ts';
import { RememberedIds } from '../../../stats/remembered-ids.ts';
import type { EventPosition, Position } from '../../printer.ts';
import type { Check, FindingKind, Report } from '../finding.ts';
import { quotation } from '../quotation.ts';

const kind = { flag: 'lint', where: 'the events' } as const;

const noIds: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'no-ids',
  title: 'Events without ids',
  why: 'A browser that lost the connection says with Last-Event-ID where it was (HTML §9.2.4). Without ids it can not, and what was sent meanwhile is lost.',
  mend: 'Send an "id:" with every event, and what follows it when a request names one in Last-Event-ID.',
  once: true,
};

const missingId: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'id-missing',
  title: 'An event without id, of a type that has ids',
  why: 'It keeps the id of the one before it (HTML §9.2.6): a client that resumes from there gets it again, or never.',
  mend: 'Send an "id:" with every event of the type.',
};

const typeWithoutIds: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'type-without-ids',
  title: 'A type of event without ids, beside others that have them',
  why: 'After a reconnect nothing says whether such an event was received.',
  mend: 'Send ids with it too, unless it may get lost.',
};

const duplicateId: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'duplicate-id',
  title: 'An id that was there before',
  why: 'Last-Event-ID names one place in the stream (HTML §9.2.4). With an id that several events have, the server can not know after which to go on.',
  mend: 'Give each event an id of its own: a sequence number, or the key of a log.',
};

const longId: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'long-id',
  title: 'An id that fills a header',
  why: 'It comes back in Last-Event-ID, and servers refuse large headers: 8 KB is a usual limit for one line, or for all of them.',
  mend: 'Send a short key, and keep what it stands for on the server.',
};

const nonAsciiId: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'non-ascii-id',
  title: 'An id outside ASCII',
  why: 'It comes back in Last-Event-ID as UTF-8 (HTML §9.2.4), which many servers read as Latin-1: another id.',
  mend: 'Make ids of ASCII letters and digits.',
};

const LONG_ID = 1024;

/** So many types of events are told apart. */
const MAX_TYPES = 100;
const LONGEST_TYPE = 256;

/** What nobody misses. */
const SIGNS_OF_LIFE = /^(?:ping|pong|heart-?beat|keep-?alive|hello|welcome|connected|ready)$/i;

interface TypeTally {
  withId: number;
  without: number;
}

/** Whether a client can say where it was. */
export class Ids implements Check {
  static readonly kinds = [noIds, missingId, typeWithoutIds, duplicateId, longId, nonAsciiId];
  readonly #report: Report;
  readonly #types = new Map<string, TypeTally>();
  #seen = new RememberedIds();
  #lastEventId = '';
  #repeatable = true;

  constructor(report: Report) {
    this.#report = report;
  }

  open({ method }: OpenInfo): void {
    // What a POST asks for is an answer, not a place to come back to.
    this.#repeatable = method === 'GET';
  }

  event({ event: type, id, lastEventId }: SseEvent, at: EventPosition): void {
    // A block without data, or the beginning of the line, may have brought it.
    const has = id !== undefined || lastEventId !== this.#lastEventId;
    this.#lastEventId = lastEventId;
    const tally = this.#tally(type);
    if (tally !== undefined) {
      if (has) tally.withId += 1;
      else tally.without += 1;
      if (!has && tally.withId > 0)
        this.#report(missingId, { message: `event ${at.n}, of type ${quotation(type)}` }, at);
    }
    if (has && lastEventId !== '') this.#id(lastEventId, at);
  }

  close(): void {
    // What a resume brings again is meant to have the same ids.
    this.#seen = new RememberedIds();
  }

  end(at: Position): void {
    const types = [...this.#types];
    const anyId = types.some(([, { withId }]) => withId > 0);
    const events = types.reduce((sum, [, { without }]) => sum + without, 0);
    if (!anyId) {
      const message = events === 1 ? 'the only event has no id' : `none of ${events} events has an id`;
      if (events > 0 && this.#repeatable) this.#report(noIds, { message }, at);
      return;
    }
    for (const [type, { withId, without }] of types) {
      if (withId > 0 || SIGNS_OF_LIFE.test(type)) continue;
      this.#report(
        typeWithoutIds,
        { message: `${quotation(type)}: ${without === 1 ? 'one event' : `${without} events`}` },
        at,
      );
    }
  }

  #id(id: string, at: EventPosition): void {
    const report = (found: FindingKind, message: string) => this.#report(found, { message }, at);
    const number = countingNumber(id);
    if (this.#seen.has(id, number)) report(duplicateId, `event ${at.n} has the id ${quotation(id)} again`);
    else this.#seen.add(id, number);
    if (id.length > LONG_ID) report(longId, `event ${at.n}: an id of ${id.length} characters`);
    if (/[^\x00-\x7f]/.test(id)) report(nonAsciiId, `event ${at.n}: ${quotation(id)}`);
  }

  #tally(type: string): TypeTally | undefined {
    const known = this.#types.get(type);
    if (known !== undefined || this.#types.size >= MAX_TYPES || type.length > LONGEST_TYPE) return known;
    const tally = { withId: 0, without: 0 };
    // A copy: a name cut out of a chunk would keep the whole chunk in memory.
    this.#types.set(Buffer.from(type).toString(), tally);
    return tally;
  }
}
