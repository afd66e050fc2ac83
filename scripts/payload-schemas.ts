import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAYLOAD_SCHEMAS, schemaFileName } from '../src/mock/payloads/schemas.ts';

/** The JSON Schemas of the payloads as files, for programs that import `ssekit/schemas/notification.json`. */
const OUT = 'dist/schemas';

mkdirSync(OUT, { recursive: true });
for (const [name, schema] of Object.entries(PAYLOAD_SCHEMAS)) {
  writeFileSync(join(OUT, schemaFileName(name)), `${JSON.stringify(schema, null, 2)}\n`);
}
