import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SseKitError } from '../../src/client/errors.ts';
import type { AnswerPlace, JoinedPiece, JoinView } from '../../src/listen/join/view.ts';
import type { ListenPrinter, Printed, PrinterOptions } from '../../src/listen/printer.ts';
import { createJoinedPrinter } from '../../src/report/create-joined-printer.ts';
import {
  anAnswer,
  anEnding,
  anEvent,
  eventAt,
  opened,
  pipe,
  somewhere,
  success,
  terminal,
} from './samples.ts';

const ONE: AnswerPlace = { n: 1, label: '' };
const TWO: AnswerPlace = { n: 2, label: 'choice 1' };

const text = (words: string, answer = ONE): JoinedPiece => ({ kind: 'text', answer, text: words });
const reasoning = (words: string, answer = ONE): JoinedPiece => ({ kind: 'reasoning', answer, text: words });
const over = (answer = ONE): JoinedPiece => ({ kind: 'over', answer });

/** What was printed, in the order in which one terminal shows it, and on each output. */
class Screen {
  both = '';
  data = '';
  log = '';
  readonly view: { state: JoinView['state']; pieces: JoinedPiece[] } = { state: 'joined', pieces: [] };
  #printer: ListenPrinter | undefined;
  #n = 0;

  static async of(
    format: 'pretty' | 'data' | 'ndjson',
    options: PrinterOptions,
    silent = false,
  ): Promise<Screen> {
    const screen = new Screen();
    screen.#printer = await createJoinedPrinter(format, options, { view: screen.view, silent });
    return screen;
  }

  get printer(): ListenPrinter {
    if (this.#printer === undefined) throw new Error('no printer yet');
    return this.#printer;
  }

  /** An event that adds these. */
  add(...pieces: JoinedPiece[]): this {
    this.view.pieces = pieces;
    this.#n += 1;
    return this.print(this.printer.event(anEvent({ data: '{}' }), eventAt(this.#n, 1, this.#n)));
  }

  print({ data = '', log = '' }: Printed): this {
    this.data += data;
    this.log += log;
    this.both += data + log;
    return this;
  }

  end(): this {
    return this.print(this.printer.close(anEnding(), somewhere, success));
  }
}

const quiet = { logColumns: () => undefined, timestamps: [] };

describe('the text of an answer on a pipe', () => {
  test('is all that standard output has', async () => {
    const screen = await Screen.of('pretty', pipe());
    screen.print(screen.printer.open(anAnswer(), opened));
    screen.add(reasoning('Hm.')).add(text('One\n'), text('\ntwo')).add(over()).add().end();
    assert.equal(screen.data, 'One\n\ntwo');
    assert.doesNotMatch(screen.log, /Hm/);
  });

  test('is the text to the unit, control characters too, however it comes', async () => {
    const unit = fc.oneof(
      fc.constantFrom('\0', '\x1b', '\n', '🌊', '\u202e'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(unit), fc.array(fc.nat(30)), async (units, cuts) => {
        const whole = units.join('');
        const screen = await Screen.of('pretty', pipe());
        let rest = whole;
        for (const size of cuts) {
          screen.add(text(rest.slice(0, size)));
          rest = rest.slice(size);
        }
        screen.add(text(rest)).end();
        assert.equal(screen.data, whole);
      }),
    );
  });

  test('never ends in half a character: what is written is valid by itself', async () => {
    const screen = await Screen.of('data', pipe());
    screen.add(text('a\ud83c'));
    assert.equal(screen.data, 'a');
    screen.add(text('\udf0ab'));
    assert.equal(screen.data, 'a🌊b');
    screen.add(text('\ud83c')).end();
    assert.equal(screen.data, 'a🌊b\ud83c');
  });

  test('has its reasoning in the log where a person sees that', async () => {
    const screen = await Screen.of('pretty', pipe({ logColumns: () => 80 }));
    screen.add(reasoning('Hm\x1b[2J')).add(reasoning(' yes.')).add(text('One')).end();
    assert.equal(screen.data, 'One');
    assert.equal(screen.log, 'Hm␛[2J yes.\n✓ ended cleanly after 12 events\n');
  });

  test('has its reasoning nowhere where nobody sees the log', async () => {
    const screen = await Screen.of('pretty', pipe({ logColumns: () => 80 }), true);
    screen.add(reasoning('Hm')).add(text('One'));
    screen.print(screen.printer.failure(new SseKitError('X', 1, 'it failed')));
    assert.equal(screen.data, 'One');
    assert.equal(screen.log, 'ssekit: it failed\n');
  });

  test('stands apart from that of others, with a heading', async () => {
    const screen = await Screen.of('pretty', pipe());
    screen.add(text('Salt')).add(text('Low', TWO)).add(text(' air')).add(over()).add(text(' fog', TWO)).end();
    assert.equal(screen.data, 'Salt air\n\n── answer 2 (choice 1) ──\nLow fog');
  });

  test('keeps what still waits for the end', async () => {
    const screen = await Screen.of('pretty', pipe());
    screen.add(text('Salt')).add(text('Low', TWO)).end();
    assert.equal(screen.data, 'Salt\n\n── answer 2 (choice 1) ──\nLow');
  });

  test('is bare as data: without headings or reasoning', async () => {
    const screen = await Screen.of('data', terminal(80, quiet));
    screen.add(reasoning('Hm')).add(text('Salt')).add(over()).add(text('Low', TWO)).end();
    assert.equal(screen.data, 'Salt\nLow\n');
  });
});

describe('the text of an answer on a terminal', () => {
  test('has its reasoning before it, dim, and ends its line', async () => {
    const screen = await Screen.of('pretty', terminal(80, { ...quiet, colorData: true }));
    screen.add(reasoning('Hm')).add(reasoning(', well.')).add(text('One')).end();
    assert.equal(screen.data, '\x1b[2mHm\x1b[22m\x1b[2m, well.\x1b[22m\n\nOne\n');
  });

  test('is escaped, newlines and tabs kept', async () => {
    const screen = await Screen.of('pretty', terminal(80, quiet));
    screen.add(text('a\x1b[2J\tb\n\u202ec\n')).end();
    assert.equal(screen.data, 'a␛[2J\tb\n\\u202ec\n');
  });

  test('gives way to the log on a line of its own, and goes on below it', async () => {
    const screen = await Screen.of('pretty', terminal(80, { timestamps: [] }));
    screen.add(text('One'));
    screen.print(screen.printer.warn({ code: 'x', message: 'careful' }, somewhere));
    screen.add(text(' two')).end();
    assert.equal(screen.both, 'One\n! careful\n two\n✓ ended cleanly after 12 events\n');
  });

  test('is followed by each thing that is told beside it', async () => {
    const screen = await Screen.of('pretty', terminal(80, { timestamps: [], comments: true }));
    const { printer } = screen;
    const asides: (() => Printed)[] = [
      () => printer.comment('ping', somewhere),
      () => printer.retry(1_000, somewhere),
      () => printer.note('a step', somewhere),
      () => printer.open(anAnswer(), opened),
      () => printer.reconnect({ attempt: 2, delayMs: 0, lastEventId: '', cause: 'base' }, somewhere),
    ];
    for (const aside of asides) {
      screen.both = '';
      screen.add(text('One')).print(aside());
      assert.match(screen.both, /^One\n\S/);
    }
  });
});

describe('what is told beside the text', () => {
  test('is a call of a tool, cut, and whose it is', async () => {
    const screen = await Screen.of('pretty', pipe());
    screen.add({ kind: 'tool', answer: ONE, name: 'get', arguments: '{"a":1}' });
    screen.add({ kind: 'tool', answer: TWO, name: 'get\x1b', arguments: 'x'.repeat(400) });
    assert.equal(screen.log, `→ tool get({"a":1})\n→ answer 2 (choice 1): tool get␛(${'x'.repeat(299)}…)\n`);
    assert.equal(screen.data, '');
  });

  test('is an error of the service', async () => {
    const screen = await Screen.of('pretty', pipe());
    screen.add({ kind: 'error', answer: ONE, message: 'Overloaded' });
    assert.equal(screen.log, '✗ the service reports an error: Overloaded\n');
  });
});

describe('events of which none tells a format', () => {
  test('are held while it may still come, and then are not shown', async () => {
    const screen = await Screen.of('data', pipe());
    screen.view.state = 'undecided';
    screen.add().add();
    assert.equal(screen.data, '');
    screen.view.state = 'joined';
    screen.add(text('One')).end();
    assert.equal(screen.data, 'One');
  });

  test('are shown from the beginning where it does not', async () => {
    const screen = await Screen.of('data', pipe());
    screen.view.state = 'undecided';
    screen.add().add();
    screen.view.state = 'unknown';
    screen.add();
    assert.equal(screen.data, '{}\n{}\n{}\n');
    screen.add().end();
    assert.equal(screen.data, '{}\n{}\n{}\n{}\n');
  });

  test('are shown at the end, also where the run was left between two connections', async () => {
    for (const last of ['close', 'sections'] as const) {
      const screen = await Screen.of('pretty', pipe({ comments: true }));
      screen.view.state = 'undecided';
      screen.print(screen.printer.comment('hello', somewhere)).add();
      screen.view.state = 'unknown';
      if (last === 'close') screen.end();
      else screen.print(screen.printer.sections({}));
      assert.equal(screen.data, ':\t\thello\nmessage\t\t{}\n');
    }
  });
});

describe('NDJSON', () => {
  const fieldsOf = (line: string) => {
    const { answer, text: words, reasoning: thought, others } = JSON.parse(line) as Record<string, unknown>;
    return { answer, text: words, reasoning: thought, others };
  };

  test('has events as ever, with the text that they carry', async () => {
    const screen = await Screen.of('ndjson', pipe());
    screen.add().add(reasoning('Hm'), text('One'), text(' two'));
    const [plain = '', joined = ''] = screen.data.split('\n');
    assert.equal(
      plain,
      '{"type":"event","conn":1,"n":1,"t":1,"dt":1,"event":"message","lastEventId":"","data":"{}","json":{},"bytes":10,"reads":1}',
    );
    assert.deepEqual(fieldsOf(joined), { answer: 1, text: 'One two', reasoning: 'Hm', others: undefined });
    assert.equal(
      joined.slice(0, joined.indexOf('"reads"')),
      plain.slice(0, plain.indexOf('"reads"')).replace('"n":1,"t":1', '"n":2,"t":2'),
    );
  });

  test('tells the text of several answers apart', async () => {
    const screen = await Screen.of('ndjson', pipe());
    screen.add(text('Salt'), text('Low', TWO));
    assert.deepEqual(fieldsOf(screen.data), {
      answer: 1,
      text: 'Salt',
      reasoning: undefined,
      others: [{ answer: 2, text: 'Low' }],
    });
  });

  test('is safe on a terminal, and still the same text', async () => {
    const screen = await Screen.of('ndjson', terminal(80));
    screen.add(text('\x9b\u202e\x1b\ud83c'));
    assert.doesNotMatch(screen.data, /[\x9b\u202e\x1b]/);
    assert.equal(fieldsOf(screen.data).text, '\x9b\u202e\x1b\ud83c');
  });
});
