import type { InstrumentMaker } from '../listen/instrument.ts';
import type { ListenOptions } from '../listen/options.ts';
import type { CommandIo } from './io.ts';

/** What the options ask for beside the printing. Each instrument is loaded only where it is wanted. */
export async function instrumentsOf(_options: ListenOptions, _io: CommandIo): Promise<InstrumentMaker[]> {
  const makers: InstrumentMaker[] = [];
  return makers;
}
