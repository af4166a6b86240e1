import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureOf, runCommand } from '../parts/run-command.ts';

const here = import.meta.dirname;

/**
 * What this machine does not let us do that a node needs, one line each; empty when all is well. Tries everything in namespaces of
 * its own, which are gone afterwards.
 */
export async function missingPrivileges(): Promise<string[]> {
  if (process.platform !== 'linux') return ['Linux'];
  if (process.getuid?.() !== 0) return ['root (the node mounts, makes networks and cgroups)'];
  const folder = mkdtempSync(join(tmpdir(), 'gpu-profiler-probe-'));
  const name = `gpu-profiler-probe-${process.pid}-${Date.now()}`;
  try {
    const probed = await runCommand(
      join(here, 'enter-cgroup.sh'),
      [name, join(here, 'inside', 'probe.sh'), folder, name],
      { timeoutMs: 60_000 },
    );
    const lines = probed.stdout.split('\n').filter((line) => line !== '');
    if (lines.length > 0) return lines;
    return probed.code === 0 ? [] : [`cgroups and namespaces of one's own: ${failureOf(probed)}`];
  } finally {
    await runCommand(join(here, 'clean-up.sh'), ['0', name, folder], { timeoutMs: 60_000 });
    rmSync(folder, { recursive: true, force: true });
  }
}
