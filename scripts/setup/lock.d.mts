/** Runs `action` while holding the lock file; `onWait` is told once, with the owner's process id, when another holds it. */
export function withLock<T>(
  file: string,
  options: { onWait?: (ownerPid: number) => void },
  action: () => Promise<T>,
): Promise<T>;
