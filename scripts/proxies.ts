import { writeFileSync } from 'node:fs';
import { proxiesPage } from './proxies-page.ts';

/** Writes docs/proxies.md, which a test compares with the catalogues. */
writeFileSync('docs/proxies.md', proxiesPage());
