import { describeEndings } from './ending-cases.ts';

describeEndings('TCP', async () => ({}));
