import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { PAYLOAD_SCHEMAS, schemaFileName } from '../../../src/mock/payloads/schemas.ts';

const require = createRequire(import.meta.url);

test('the package carries the schema of every payload as a file that programs can import', () => {
  for (const [name, schema] of Object.entries(PAYLOAD_SCHEMAS)) {
    assert.deepEqual(require(`ssekit/schemas/${schemaFileName(name)}`), schema);
  }
});
