import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findPart } from '../parts/find-part.ts';
import { prometheusPages } from '../parts/prometheus-pages.ts';
import { packImage } from './docker-archive.ts';

const manifest = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'manifests',
  'prometheus-complete.yaml',
);

/**
 * Prometheus with its web pages as an image under the very name that manifests and chart ask for: where no registry is reachable
 * they run unchanged.
 */
export async function packPrometheusImage(folder: string): Promise<string> {
  const program = await findPart('prometheus-kubernetes');
  const pages = await prometheusPages();
  const tag = /image: (\S*prometheus:\S+)/.exec(readFileSync(manifest, 'utf8'))?.[1];
  if (tag === undefined) throw new Error(`${manifest} names no image of Prometheus`);
  const root = mkdtempSync(join(folder, 'prometheus-'));
  mkdirSync(join(root, 'bin'));
  copyFileSync(program, join(root, 'bin', 'prometheus'));
  // It serves the pages when it is started in a folder of this name.
  cpSync(pages, join(root, 'ui'), { recursive: true });
  const archive = join(folder, 'prometheus.tar');
  await packImage(
    { tag, root, entrypoint: ['/bin/prometheus'], user: '65534', workingDir: '/ui' },
    archive,
  );
  rmSync(root, { recursive: true });
  return archive;
}
