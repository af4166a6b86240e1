/** The project's root folder. */
export const root: string;

/** The Node that the project runs on; the npm package `node` brings it. */
export const projectNode: string;

/** A hash over files and whole folders (names and contents), given relative to the root; what is missing counts as empty. */
export function hashOf(paths: readonly string[]): string;
