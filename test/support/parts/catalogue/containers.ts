import { debianWay } from '../debian.ts';
import { goWay } from '../go-build.ts';
import { goAdvice, type Part } from './part.ts';

const skip = 'SKIP_CLUSTER=1 skips the tests on a cluster';

/** What runs containers, and what builds images. */
export const containerParts = {
  containerd: containerdPart('containerd', { args: ['--version'], usually: '30 s on two cores' }),
  'containerd-shim-runc-v2': containerdPart('containerd-shim-runc-v2', {
    args: ['-v'],
    usually: '5 s after containerd',
  }),
  ctr: containerdPart('ctr', { args: ['--version'], usually: '5 s after containerd' }),
  coredns: {
    variable: 'COREDNS',
    commands: ['coredns'],
    check: {
      kind: 'version',
      args: ['-version'],
      pattern: /CoreDNS-(\d+)\.(\d+)/,
      minimum: [1, 10],
    },
    ways: [
      goWay({
        name: 'coredns',
        module: 'coredns',
        requires: 'github.com/coredns/coredns',
        package: 'github.com/coredns/coredns',
        stamps: () => ({}),
        usually: '90 s on two cores',
      }),
    ],
    advice: `install CoreDNS 1.10 or newer, or ${goAdvice}, or set COREDNS to its path; ${skip}`,
  },
  runc: debianPart('runc', { path: '/usr/sbin/runc', pattern: /runc version (\d+)\.(\d+)/ }),
  // One of the network plugins; its folder holds them all.
  'cni-bridge': {
    variable: 'CNI_BRIDGE',
    commands: [],
    check: { kind: 'version', args: [], pattern: /(\d+)\.(\d+)/, minimum: [1, 0] },
    ways: [
      debianWay({
        packages: ['containernetworking-plugins'],
        path: '/usr/lib/cni/bridge',
        takenAsInstalled: true,
        usually: '10 s',
      }),
    ],
    advice: `install the CNI plugins (containernetworking-plugins on Debian), or set CNI_BRIDGE to the path of \`bridge\`; ${skip}`,
  },
  buildah: debianPart('buildah', {
    path: '/usr/bin/buildah',
    pattern: /buildah version (\d+)\.(\d+)/,
  }),
  podman: debianPart('podman', {
    path: '/usr/bin/podman',
    pattern: /podman version (\d+)\.(\d+)/,
  }),
} satisfies Record<string, Part>;

function containerdPart(
  name: string,
  { args, usually }: { args: string[]; usually: string },
): Part {
  const variable = name.toUpperCase().replaceAll('-', '_');
  return {
    variable,
    commands: [name],
    // Kubernetes 1.36 needs containerd 2.
    check: { kind: 'version', args, pattern: /v(\d+)\.(\d+)\.\d+/, minimum: [2, 0] },
    ways: [
      goWay({
        name,
        module: 'containerd',
        requires: 'github.com/containerd/containerd/v2',
        package: `github.com/containerd/containerd/v2/cmd/${name}`,
        stamps: (version) => ({ 'github.com/containerd/containerd/v2/version.Version': version }),
        usually,
      }),
    ],
    advice: `install containerd 2 or newer, or ${goAdvice}, or set ${variable} to the path of ${name}; ${skip}`,
  };
}

function debianPart(name: string, { path, pattern }: { path: string; pattern: RegExp }): Part {
  return {
    variable: name.toUpperCase(),
    commands: [name],
    check: { kind: 'version', args: ['--version'], pattern, minimum: [1, 0] },
    ways: [debianWay({ packages: [name], path, usually: '15 s' })],
    advice: `install ${name}, or set ${name.toUpperCase()} to its path; ${skip}`,
  };
}
