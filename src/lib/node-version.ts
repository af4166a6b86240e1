/**
 * What to say when this Node is too old; null when it will do.
 * @param found `20.20.2`
 * @param needed as in package.json: `>=22.19`
 */
export function nodeVersionProblem(found: string, needed: string): string | null {
  const wanted = needed.replace('>=', '');
  const [major = 0, minor = 0] = numbersOf(found);
  const [wantedMajor = 0, wantedMinor = 0] = numbersOf(wanted);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return null;
  return `gpu-profiler needs Node >= ${wanted}, found ${found}: install a newer one from https://nodejs.org, or, in a clone, use npm start, which brings its own.`;
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map(Number);
}
