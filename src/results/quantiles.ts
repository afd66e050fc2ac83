export { samplesFor } from '../stats/quantiles.ts';
