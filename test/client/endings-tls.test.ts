import { certificates } from '../e2e/harness/certificates.ts';
import { describeEndings } from './ending-cases.ts';

describeEndings('TLS', async () => ({ tls: (await certificates()).leaf }));
