let installed = false;

/**
 * Makes a signal end this process by `process.exit`, so that its `exit` listeners can end what it started. A program
 * that handles the signal itself goes on doing so.
 */
export function exitOnSignals(): void {
  if (installed) return;
  installed = true;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(1);
    });
  }
}
