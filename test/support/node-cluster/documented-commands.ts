import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findPart } from '../parts/find-part.ts';
import { failureOf, runCommand } from '../parts/run-command.ts';
import type { NodeCluster } from './start-node-cluster.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** The first block of shell commands under a heading (`## kubectl`) of a document, as it stands there. */
export function documentedCommands(document: string, heading: string): string {
  const text = readFileSync(join(root, document), 'utf8');
  const section = text.split(`\n${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const block = /```sh\n([\s\S]*?)```/.exec(section)?.[1];
  if (block === undefined) throw new Error(`${document} has no commands under "${heading}"`);
  return block;
}

/** Runs them in a shell, as a person would in the root of the checkout; stops at the first that fails. */
export async function followCommands(cluster: NodeCluster, commands: string): Promise<string> {
  const folders = [dirname(await findPart('kubectl')), dirname(await findPart('helm'))];
  const done = await runCommand('/bin/sh', ['-eux', '-c', commands], {
    cwd: root,
    timeoutMs: 280_000,
    env: {
      ...process.env,
      KUBECONFIG: cluster.kubeconfig,
      PATH: [...folders, process.env['PATH']].join(':'),
    },
  });
  if (done.code !== 0) throw new Error(failureOf(done));
  return done.stdout;
}
