import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runCommand, failureOf } from '../parts/run-command.ts';

export interface ImagePlan {
  /** `NAME:TAG` */
  readonly tag: string;
  /** Folder with the files of the one layer. */
  readonly root: string;
  readonly entrypoint: readonly string[];
  readonly user?: string;
  readonly workingDir?: string;
}

/** Packs a folder as an image of one layer, in the format of `docker save`, which `ctr images import` takes. */
export async function packImage(plan: ImagePlan, archive: string): Promise<void> {
  const work = mkdtempSync(`${archive}-`);
  try {
    const layer = join(work, 'layer.tar');
    const owner = ['--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--sort=name'];
    await tar([...owner, '-cf', layer, '-C', plan.root, '.']);
    const hash = createHash('sha256');
    await pipeline(createReadStream(layer), hash);
    const config = JSON.stringify({
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      config: {
        Entrypoint: plan.entrypoint,
        Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'],
        ...(plan.user === undefined ? {} : { User: plan.user }),
        ...(plan.workingDir === undefined ? {} : { WorkingDir: plan.workingDir }),
      },
      rootfs: { type: 'layers', diff_ids: [`sha256:${hash.digest('hex')}`] },
    });
    const configName = `${createHash('sha256').update(config).digest('hex')}.json`;
    writeFileSync(join(work, configName), config);
    const manifest = [{ Config: configName, RepoTags: [plan.tag], Layers: ['layer.tar'] }];
    writeFileSync(join(work, 'manifest.json'), JSON.stringify(manifest));
    await tar(['-cf', archive, '-C', work, 'manifest.json', configName, 'layer.tar']);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function tar(args: readonly string[]): Promise<void> {
  const packed = await runCommand('tar', args, { timeoutMs: 120_000 });
  if (packed.code !== 0) throw new Error(`tar: ${failureOf(packed)}`);
}
