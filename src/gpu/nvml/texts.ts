/** Text of a C buffer: up to the first zero byte, without surrounding blanks. */
export function readText(buffer: Buffer): string {
  const end = buffer.indexOf(0);
  return buffer.toString('utf8', 0, end < 0 ? buffer.length : end).trim();
}

/** `12.4` of the driver's 12040 (1000 x major + 10 x minor). */
export function cudaVersionText(version: number): string {
  return `${Math.trunc(version / 1000)}.${Math.trunc((version % 1000) / 10)}`;
}
