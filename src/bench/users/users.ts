import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import type { Users } from '../options.ts';
import { csvRows } from './csv.ts';

/** Users as their file has them. */
export interface UsersFile extends Users {
  /** Of each row: the line on which it begins. */
  lines: readonly number[];
}

const LARGEST_FILE = 64 * 1024 ** 2;
const MOST_ROWS = 1_000_000;
const MOST_COLUMNS = 100;

/**
 * The users of `--users`: a CSV file whose first row names the columns.
 *
 * @throws InvalidValue naming the line and what is wrong there
 */
export function parseUsers(bytes: Uint8Array): UsersFile {
  if (bytes.length > LARGEST_FILE) throw new InvalidValue('the file is larger than 64 MB');
  const rows = csvRows(utf8(bytes));
  const head = rows.next().value;
  if (head === undefined)
    throw new InvalidValue('the file is empty', 'Its first row names the columns: id,token');
  const columns = columnsOf(head.fields);
  const users = { columns, rows: [] as string[][], lines: [] as number[] };
  for (const { line, fields } of rows) {
    if (fields.length !== columns.length) {
      const expected = `${columns.length} ${columns.length === 1 ? 'column' : 'columns'}`;
      throw new InvalidValue(
        `line ${line}: there are ${fields.length} fields, and the first row names ${expected}`,
        'A field with a comma in it stands in quotes.',
      );
    }
    if (users.rows.length === MOST_ROWS) throw new InvalidValue('there are more than 1,000,000 rows');
    users.rows.push(fields);
    users.lines.push(line);
  }
  if (users.rows.length === 0) throw new InvalidValue('no row follows the one that names the columns');
  return users;
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // What TextDecoder says of it names neither the place nor the remedy.
    throw new InvalidValue('the file is not UTF-8', 'iconv -t UTF-8 turns other encodings into it.');
  }
}

function columnsOf(fields: readonly string[]): string[] {
  const columns = fields.map((each) => each.trim());
  if (columns.length > MOST_COLUMNS) throw new InvalidValue(`there are more than ${MOST_COLUMNS} columns`);
  for (const [index, column] of columns.entries()) {
    if (column === '') throw new InvalidValue(`line 1: column ${index + 1} has no name`);
    if (/[{}]/.test(column))
      throw new InvalidValue(`line 1: ${quoted(column)} can't be written as {{column}}`);
    if (columns.indexOf(column) !== index)
      throw new InvalidValue(`line 1: two columns are called ${quoted(column)}`);
  }
  return columns;
}
