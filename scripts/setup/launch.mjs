import { ensureBuilt } from './build.mjs';
import { ensureInstalled, SetupError } from './install.mjs';
import { projectEnv, projectNode, root, say } from './project.mjs';
import { runInPlace } from './run.mjs';

/** Sets up, then runs a program on the project's Node in this one's place; ends with its exit code. */
export async function launch(args, { inRoot = false } = {}) {
  try {
    await ensureInstalled();
    await ensureBuilt();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`set-up failed. ${error.message}`);
    process.exit(1);
  }
  const options = { env: projectEnv(), ...(inRoot ? { cwd: root } : {}) };
  process.exit(await runInPlace(projectNode, args, options));
}
