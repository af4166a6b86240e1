/** Milliseconds of processor time that this process has used, all its threads: other programs on the machine do not count. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
