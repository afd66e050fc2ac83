import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noteText } from '../../src/report/note.ts';

test('a note is one line, and on a narrow terminal broken between words', () => {
  const text = 'localhost:8080 answers HTTP 502: it is asked again for 10 s';
  assert.equal(noteText(text, undefined), `note: ${text}\n`);
  assert.equal(noteText(text, 45), 'note: localhost:8080 answers HTTP 502: it is\nasked again for 10 s\n');
});
