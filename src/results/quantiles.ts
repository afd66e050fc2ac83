export { type Quantiles, samplesFor } from '../stats/quantiles.ts';
