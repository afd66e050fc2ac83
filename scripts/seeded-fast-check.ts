/**
 * What tests get as `fast-check`: with `SSEKIT_PROPERTY_SEED`, properties draw the same cases in every run, so that a
 * gate says the same of the same code; without it each run tries others.
 */
import fc from 'fast-check';

const seed = process.env.SSEKIT_PROPERTY_SEED;
if (seed !== undefined) {
  if (!/^\d{1,9}$/.test(seed)) throw new Error(`SSEKIT_PROPERTY_SEED=${seed}: a number is wanted`);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
}

export * from 'fast-check';
export default fc;
