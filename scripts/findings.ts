import { writeFileSync } from 'node:fs';
import { findingsPage } from './findings-page.ts';

/** Writes docs/findings.md, which a test compares with the catalogue. */
writeFileSync('docs/findings.md', findingsPage());
