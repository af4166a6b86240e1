/** Major and minor version. */
export type Version = readonly [major: number, minor: number];

/** The version in a program's answer; the pattern's first two groups are major and minor. */
export function parseVersion(text: string, pattern: RegExp): Version | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

export function isAtLeast([major, minor]: Version, [wantMajor, wantMinor]: Version): boolean {
  return major === wantMajor ? minor >= wantMinor : major > wantMajor;
}
