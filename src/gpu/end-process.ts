/**
 * Ends the process at once with this exit code, also while a driver call hangs: `process.exit` would wait for the thread it holds.
 * Nothing is flushed: write what must be written before. No clean-up handler runs.
 */
export async function endProcess(code: number): Promise<never> {
  try {
    const { default: koffi } = await import('koffi');
    // The program itself: every C library has _exit, whatever its file is called.
    koffi.load(null).func('_exit', 'void', ['int'])(code);
  } catch {
    // Without the C library's own way out, a signal that cannot be held up.
  }
  process.kill(process.pid, 'SIGKILL');
  return new Promise<never>(() => undefined);
}
