import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAYLOAD_SCHEMAS, schemaFileName } from '../src/mock/payloads/schemas.ts';
import { BENCH_RESULT_SCHEMA, BENCH_RESULT_SCHEMA_FILE } from '../src/results/bench/schema.ts';
import { CHECK_RESULT_SCHEMA, CHECK_RESULT_SCHEMA_FILE } from '../src/results/check/schema.ts';

/** The JSON Schemas of payloads and results as files, for programs that import `ssekit/schemas/notification.json`. */
const OUT = 'dist/schemas';

mkdirSync(OUT, { recursive: true });
for (const [name, schema] of Object.entries(PAYLOAD_SCHEMAS)) {
  write(schemaFileName(name), schema);
}
write(BENCH_RESULT_SCHEMA_FILE, BENCH_RESULT_SCHEMA);
write(CHECK_RESULT_SCHEMA_FILE, CHECK_RESULT_SCHEMA);

function write(name: string, schema: object): void {
  writeFileSync(join(OUT, name), `${JSON.stringify(schema, null, 2)}\n`);
}
