import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one form of the query (the XML dump or the CSV query) answers. */
export interface FakeAnswer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
  readonly delaySeconds?: number;
  /** CSV only: a field that this nvidia-smi does not know. */
  readonly refusedField?: string;
}

export interface FakeNvidiaSmi {
  /** The file to run. */
  readonly command: string;
  answer(form: 'xml' | 'csv', answer: FakeAnswer): Promise<void>;
  /** The arguments of each run so far, and the most runs that were under way at once. */
  calls(): Promise<{ args: string[]; mostAtOnce: number }>;
  remove(): Promise<void>;
}

/** An executable in a folder of its own that answers like nvidia-smi; what it answers can be changed at any time. */
export async function createFakeNvidiaSmi(): Promise<FakeNvidiaSmi> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-nvidia-smi-'));
  const command = join(folder, 'nvidia-smi');
  await copyFile(new URL('nvidia-smi.sh', import.meta.url), command);
  await chmod(command, 0o755);
  return {
    command,
    answer: async (form, answer) => {
      const files = {
        out: answer.stdout,
        err: answer.stderr,
        code: answer.exitCode?.toString(),
        delay: answer.delaySeconds?.toString(),
        refuse: answer.refusedField,
      };
      for (const [name, content] of Object.entries(files)) {
        const file = join(folder, `${form}.${name}`);
        await (content === undefined ? rm(file, { force: true }) : writeFile(file, content));
      }
    },
    calls: async () => {
      const lines = (await readFile(join(folder, 'calls'), 'utf8').catch(() => '')).split('\n');
      const args: string[] = [];
      let atOnce = 0;
      let mostAtOnce = 0;
      for (const line of lines) {
        const [what, , ...rest] = line.split(' ');
        if (what === 'start') {
          args.push(rest.join(' '));
          atOnce += 1;
        } else if (what === 'end') atOnce -= 1;
        mostAtOnce = Math.max(mostAtOnce, atOnce);
      }
      return { args, mostAtOnce };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
