import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { helpText } from '../../src/commands/command-line.ts';
import { overviewText } from '../../src/commands/overview.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import { displayWidth } from '../../src/report/display-width.ts';

const COLUMNS = 80;

const tooLong = (text: string) => text.split('\n').filter((line) => displayWidth(line) > COLUMNS);

describe('no line of help is cut on a terminal of 80 columns', () => {
  test('where the commands are listed', () => {
    assert.deepEqual(tooLong(overviewText()), []);
  });

  for (const [name, { load }] of Object.entries(COMMANDS)) {
    test(`of ${name}`, async () => {
      assert.deepEqual(tooLong(helpText((await load()).shape())), []);
    });
  }
});
