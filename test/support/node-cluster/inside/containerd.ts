import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findPart } from '../../parts/find-part.ts';
import { makeDataDir, Service, startService } from '../../service.ts';
import { pauseImage } from '../pause-image.ts';
import type { NodePlan } from '../plan.ts';
import { writeGpuRuntime } from './gpu-runtime.ts';
import { podNetwork } from './network.ts';
import { runOrThrow } from './run-or-throw.ts';

export const containerdSocket = '/run/containerd/containerd.sock';

/** containerd with runc; GPUs come into containers by a runtime of their own, which is the default one. */
export async function startContainerd(plan: NodePlan): Promise<Service> {
  const dataDir = await makeDataDir('containerd');
  const cniFolder = join(dataDir, 'cni');
  mkdirSync(cniFolder);
  writeFileSync(join(cniFolder, '10-pods.conflist'), JSON.stringify(podNetwork));
  const config = join(dataDir, 'config.toml');
  const gpuRuntime = writeGpuRuntime(plan, dataDir);
  writeFileSync(config, configuration(plan, { cniFolder, gpuRuntime }));
  const { parts } = plan;
  return startService(
    new Service({
      name: 'containerd',
      url: `unix://${containerdSocket}`,
      command: await findPart('containerd'),
      args: ['--config', config],
      // It finds its shim and runc, and the network plugins find iptables, on PATH.
      env: {
        ...process.env,
        PATH: [
          dirname(parts['containerd-shim-runc-v2']),
          dirname(parts.runc),
          dirname(parts.iptables),
          process.env['PATH'],
        ].join(':'),
      },
      dataDir,
      isReady: async () => {
        await runOrThrow(parts.ctr, ['--address', containerdSocket, 'version'], 5000);
        return true;
      },
    }),
  );
}

/** Puts the images of a docker-archive where the kubelet's pods find them. */
export async function importImage(plan: NodePlan, archive: string): Promise<void> {
  const where = ['--address', containerdSocket, '--namespace', 'k8s.io'];
  await runOrThrow(plan.parts.ctr, [...where, 'images', 'import', archive], 300_000);
}

const overlayMagic = 0x794c7630;

function configuration(
  { folder, parts }: NodePlan,
  { cniFolder, gpuRuntime }: { cniFolder: string; gpuRuntime: string },
): string {
  // Layers cannot lie on another overlay (a test run in a container): then memory holds them.
  const onOverlay = statfsSync(folder).type === overlayMagic;
  const root = onOverlay ? '/var/lib/containerd' : join(folder, 'containerd-root');
  const cri = "plugins.'io.containerd.cri.v1.runtime'";
  return `version = 3
root = '${root}'
state = '/run/containerd'

[grpc]
address = '${containerdSocket}'

[${cri}]
restrict_oom_score_adj = true
disable_apparmor = true

[${cri}.cni]
bin_dirs = ['${dirname(parts['cni-bridge'])}']
conf_dir = '${cniFolder}'

[${cri}.containerd]
default_runtime_name = 'nvidia'

[${cri}.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'
options = { BinaryName = '${parts.runc}', SystemdCgroup = false }

[${cri}.containerd.runtimes.nvidia]
runtime_type = 'io.containerd.runc.v2'
options = { BinaryName = '${gpuRuntime}', SystemdCgroup = false }

[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = '${pauseImage}'
`;
}
