import { readFileSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { partsCache } from './cache.ts';
import { findGo } from './go-toolchain.ts';
import { failureOf, runCommand } from './run-command.ts';
import type { Say, Way } from './way.ts';

const modules = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'parts');

export interface GoProgram {
  readonly name: string;
  /** The folder in test/parts that pins it. */
  readonly module: string;
  /** The required module whose version is the part's version. */
  readonly requires: string;
  readonly package: string;
  /** Linker variables: what the program answers when asked for its version. */
  readonly stamps: (version: string) => Readonly<Record<string, string>>;
  readonly tags?: string;
  readonly usually: string;
}

/** Builds a program from its pinned Go module; go.sum verifies what is fetched. */
export function goWay(program: GoProgram): Way {
  const folder = join(modules, program.module);
  const version = requiredVersion(join(folder, 'go.mod'), program.requires);
  const target = join(partsCache(), program.name, version, program.name);
  return {
    label: `building ${version} with Go`,
    usually: program.usually,
    cached: target,
    make: async (say) => {
      await build(program, { folder, version, target, say });
      return target;
    },
  };
}

interface BuildPlan {
  readonly folder: string;
  readonly version: string;
  readonly target: string;
  readonly say: Say;
}

async function build(program: GoProgram, plan: BuildPlan): Promise<void> {
  const go = await findGo(plan.say);
  const stamps = Object.entries(program.stamps(plan.version));
  const linkerFlags = ['-s', '-w', ...stamps.map(([name, value]) => `-X ${name}=${value}`)];
  await mkdir(dirname(plan.target), { recursive: true });
  const draft = `${plan.target}.${process.pid}`;
  const args = ['build', '-trimpath', '-ldflags', linkerFlags.join(' '), '-o', draft];
  if (program.tags !== undefined) args.push('-tags', program.tags);
  try {
    const built = await runCommand(go, [...args, program.package], {
      cwd: plan.folder,
      timeoutMs: 30 * 60_000,
      // A pinned build: nobody's workspace or flags; the toolchain that go.mod asks for is fetched where Go is older.
      env: {
        ...process.env,
        CGO_ENABLED: '0',
        GOFLAGS: '',
        GOWORK: 'off',
        GOTOOLCHAIN: 'auto',
        GO111MODULE: 'on',
      },
    });
    if (built.code !== 0) throw new Error(`${go} build: ${failureOf(built)}`);
    await chmod(draft, 0o755);
    await rename(draft, plan.target);
  } finally {
    await rm(draft, { force: true });
  }
}

function requiredVersion(goMod: string, requires: string): string {
  for (const line of readFileSync(goMod, 'utf8').split('\n')) {
    const words = line
      .trim()
      .replace(/^require /, '')
      .split(' ');
    if (words[0] === requires && /^v\d/.test(words[1] ?? '')) return words[1] ?? '';
  }
  throw new Error(`${goMod} does not require ${requires}`);
}
