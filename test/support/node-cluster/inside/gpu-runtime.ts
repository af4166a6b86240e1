import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NodePlan } from '../plan.ts';

/**
 * A container runtime as NVIDIA's: before a container is created its specification gets the driver library when its
 * environment asks for GPUs, then runc takes over. Returns the path of the program.
 */
export function writeGpuRuntime(plan: NodePlan, folder: string): string {
  const program = join(folder, 'nvidia-container-runtime');
  const edit = join(import.meta.dirname, 'mount-driver.ts');
  const script = `#!/bin/sh
case " $* " in *' create '*) '${process.execPath}' '${edit}' '${dirname(plan.driverLibrary)}' "$@" ;; esac
exec '${plan.parts.runc}' "$@"
`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  return program;
}
