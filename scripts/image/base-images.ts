import {
  existsSync,
  linkSync,
  mkdirSync,
  copyFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError, messageOf } from '../../src/lib/errors.ts';
import { runCommand } from './command.ts';
import { makeDebianBase, type DebianBase } from './debian-base.ts';
import type { Engine } from './engine.ts';

export const publicImage = 'docker.io/library/node:24-slim';

export interface BaseImages {
  /** For the build arguments. */
  readonly base: string;
  readonly build: string;
  /** For the label that says what the image stands on. */
  readonly description: string;
}

export interface BasePlan {
  readonly base: string;
  readonly buildImage: string | undefined;
  readonly engine: Engine;
  /** For files of this run. */
  readonly folder: string;
  readonly cache: string;
  /** The Node for a base that is made here. */
  readonly node: string;
  readonly say: (line: string) => void;
}

/** The images to build in and to build on: fetched, or made here where no registry can be reached. */
export async function prepareBaseImages(plan: BasePlan): Promise<BaseImages> {
  const { engine, say } = plan;
  if (plan.base !== 'auto' && plan.base !== 'debian') {
    return { base: plan.base, build: plan.buildImage ?? plan.base, description: plan.base };
  }
  if (plan.base === 'auto') {
    try {
      await engine.pull(publicImage);
      say(`base: ${publicImage}`);
      return { base: publicImage, build: plan.buildImage ?? publicImage, description: publicImage };
    } catch (error) {
      const reason = messageOf(error).trim().split('\n').at(-1)?.trim();
      say(`base: ${publicImage} cannot be fetched (${reason})`);
    }
  }
  say(
    'base: making one without a registry, from Debian packages and the Node that npm has installed …',
  );
  const made = await makeDebianBase(plan.cache, plan.node);
  say(`base: ${made.description}`);
  const base = await importBase(plan, made);
  return {
    base,
    build: plan.buildImage ?? (await addNpm(plan, base)),
    description: `made by \`npm run image\`: ${made.description}`,
  };
}

async function importBase({ engine, folder }: BasePlan, made: DebianBase): Promise<string> {
  const context = join(folder, 'base');
  mkdirSync(context, { recursive: true });
  place(made.rootfs, join(context, 'rootfs.tar'));
  const tag = `localhost/gpu-profiler-base:${made.tag}`;
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin';
  const text = `FROM scratch\nADD rootfs.tar /\nENV PATH=${path}\nCMD ["node"]\n`;
  await buildFrom(engine, { context, text, tag });
  return tag;
}

/** The same with npm in it, for the build alone. */
async function addNpm({ engine, folder }: BasePlan, base: string): Promise<string> {
  const context = join(folder, 'npm');
  mkdirSync(context, { recursive: true });
  const npm = npmFolder();
  const args = ['-cf', join(context, 'npm.tar'), '-C', dirname(npm), 'npm'];
  await runCommand('tar', args, { what: `pack ${npm}` });
  // npm's own start script asks for /usr/bin/env, which the base does not have.
  const start =
    "#!/usr/local/bin/node\nrequire('/usr/local/lib/node_modules/npm/lib/cli.js')(process);\n";
  writeFileSync(join(context, 'npm-start'), start, { mode: 0o755 });
  const tag = 'localhost/gpu-profiler-build:local';
  const text = `FROM ${base}\nADD npm.tar /usr/local/lib/node_modules/\nCOPY npm-start /usr/local/bin/npm\n`;
  await buildFrom(engine, { context, text, tag });
  return tag;
}

async function buildFrom(
  engine: Engine,
  { context, text, tag }: { context: string; text: string; tag: string },
): Promise<void> {
  const file = join(context, 'Dockerfile');
  writeFileSync(file, text);
  await engine.build({ context, file, tag, buildArgs: {}, secrets: {}, sourceDate: 0 });
}

/** The npm of this machine: the one that runs us, else the one beside a Node on PATH. */
function npmFolder(): string {
  const running = process.env['npm_execpath'];
  const candidates = [
    ...(running === undefined ? [] : [running]),
    ...(process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'npm')),
  ];
  for (const candidate of candidates) {
    if (!existsSync(candidate)) continue;
    const folder = dirname(dirname(realpathSync(candidate)));
    if (existsSync(join(folder, 'lib', 'cli.js'))) return folder;
  }
  throw new CodedError('npm-missing', 'npm was not found on this machine; the build needs it.', {
    hint: 'Run it as `npm run image`, or name an image with node and npm: --build-image IMAGE.',
  });
}

function place(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
