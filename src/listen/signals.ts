const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls back at the first signal that asks the process to end, so that it can end in order. The second one has its
 * ordinary effect: it ends the process at once. Returns what takes the handlers away.
 */
export function onFirstSignal(handle: (signal: NodeJS.Signals) => void): () => void {
  const remove = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    remove();
    handle(signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return remove;
}
