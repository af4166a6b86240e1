import { join } from 'node:path';
import { findGo } from '../parts/go-toolchain.ts';
import { failureOf, runCommand } from '../parts/run-command.ts';

const moduleFolder = join(import.meta.dirname, '..', '..', 'parts', 'prometheus-operator');
const moduleName = 'github.com/prometheus-operator/prometheus-operator';
const kinds = ['servicemonitors', 'podmonitors', 'prometheusrules'];

/** Files with the definitions of ServiceMonitor, PodMonitor and PrometheusRule, out of Prometheus Operator's pinned Go module. */
export async function operatorCrds(): Promise<readonly string[]> {
  const go = await findGo((line) => process.stderr.write(`${line}\n`));
  const listed = await runCommand(go, ['mod', 'download', '-json', moduleName], {
    cwd: moduleFolder,
    timeoutMs: 5 * 60_000,
    env: { ...process.env, GOFLAGS: '', GOWORK: 'off', GOTOOLCHAIN: 'auto' },
  });
  if (listed.code !== 0) throw new Error(`go mod download: ${failureOf(listed)}`);
  const { Dir } = JSON.parse(listed.stdout) as { Dir: string };
  const folder = join(Dir, 'example', 'prometheus-operator-crd');
  return kinds.map((kind) => join(folder, `monitoring.coreos.com_${kind}.yaml`));
}
