/** Tells on stderr how long something took, so that a slow run shows where its time went. */
export async function timed<T>(what: string, action: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  try {
    return await action();
  } finally {
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    process.stderr.write(`  cluster: ${what} took ${seconds} s\n`);
  }
}
