import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ruleFiles } from '../../../src/dashboards/rule-files.ts';
import { findPart } from '../parts/find-part.ts';

/** Runs promtool in a folder that holds the rule files as `recording.yaml` and `alerts.yaml`, and `files` beside them; rejects with its output. */
export async function promtool(
  args: readonly string[],
  files: Readonly<Record<string, object>> = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gpu-profiler-promtool-'));
  try {
    for (const [name, text] of Object.entries(ruleFiles)) {
      await writeFile(join(folder, name), text());
    }
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), JSON.stringify(content));
    }
    const { stdout } = await promisify(execFile)(await findPart('promtool'), args, { cwd: folder });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`promtool ${args.join(' ')}: ${stdout}${stderr}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
