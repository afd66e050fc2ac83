/**
 * Flags of V8 for a process that holds thousands of streams, where a pause is an event that goes out or is read late. A
 * young generation of 2 MB instead of 16 MB is collected in 1-2 ms instead of 10-50 ms and stays in the processor's
 * cache. It is collected by one thread: where processes share the cores, a collection of 3 ms takes 50 until each of its
 * helpers has had one. And nothing is collected just because it has become quiet, which processes side by side would all
 * do at once, 8 s after their streams have opened.
 */
export const SHORT_PAUSES: readonly string[] = [
  '--max-semi-space-size=2',
  '--no-parallel-scavenge',
  '--no-memory-reducer',
];
