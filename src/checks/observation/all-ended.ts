/** As `Promise.all`, but a failure is told when every one has ended: nothing goes on behind it. */
export async function allEnded<const Promises extends readonly unknown[]>(
  promises: Promises,
): Promise<{ -readonly [Each in keyof Promises]: Awaited<Promises[Each]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
