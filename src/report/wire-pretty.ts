import type { OpenInfo } from '../client/records.ts';
import type { EventPosition, OpenPosition, Position, Printed, PrinterOptions } from '../listen/printer.ts';
import type { WireBlock } from '../listen/wire/wire-block.ts';
import type { SseEvent } from '../sse/sink.ts';
import type { Palette } from './palette.ts';
import { PrettyPrinter } from './pretty.ts';
import { counted } from './quantity.ts';
import { timeCells } from './time-columns.ts';
import { wireLayout } from './wire-layout.ts';
import { entriesOf } from './wire-pieces.ts';
import { blockSize, blockVerdict } from './wire-words.ts';

/**
 * `--wire`: below each event its lines, with their offsets, line endings, and the places where socket reads and HTTP
 * chunks begin. On a pipe these lines begin with a tab.
 */
export class WirePrettyPrinter extends PrettyPrinter {
  readonly #palette: Palette;

  constructor(options: PrinterOptions, dataPalette: Palette, logPalette: Palette) {
    super(options, dataPalette, logPalette);
    this.#palette = dataPalette;
  }

  override open(info: OpenInfo, at: OpenPosition): Printed {
    const { log = '' } = super.open(info, at);
    const limits = info.status === 200 ? unknownOf(info) : [];
    return { log: log + limits.map((limit) => this.note(limit, at).log ?? '').join('') };
  }

  override event(event: SseEvent, at: EventPosition, wire?: WireBlock): Printed {
    const { data = '' } = super.event(event, at);
    return wire === undefined ? { data } : { data: data + this.#wire(wire) };
  }

  block(block: WireBlock, at: Position): Printed {
    const { dim } = this.#palette;
    const row = this.row({
      times: timeCells(this.options, at.t, undefined),
      name: '–',
      namePaint: dim,
      id: '',
      data: blockVerdict(block),
      dataPaint: dim,
    });
    return { data: row + this.#wire(block) };
  }

  #wire(block: WireBlock): string {
    const layout = wireLayout(this.#palette, this.options.dataColumns());
    let text = layout.sentence(blockSize(block));
    if (block.lateLf !== undefined) text += layout.lateLf(block.lateLf);
    let entries = 0;
    let linesLeft = block.lineCount;
    for (const entry of entriesOf(block)) {
      if (entries === layout.maxEntries) break;
      entries++;
      text += layout.entry(entry);
      if (entry.kind === 'piece' && entry.isLast) linesLeft--;
    }
    if (linesLeft > 0) text += layout.sentence(`… ${counted(linesLeft, 'more line')}`);
    return text;
  }
}

/** What can't be seen on this connection. */
function unknownOf({ http, framing, encoding }: OpenInfo): string[] {
  if (http === '2') return ['HTTP/2: where its frames begin is not known, only where reads do'];
  if (framing !== 'chunked' || encoding === 'identity') return [];
  return [`${encoding}: chunks hold encoded bytes, so they have no places in the lines`];
}
