import { debianUnpackWay, debianWay } from './debian.ts';
import { goWay, type GoProgram } from './go-build.ts';
import { zigWay } from './zig.ts';
import type { Version } from './version.ts';
import type { Way } from './way.ts';

export const partNames = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kubectl',
  'prometheus',
  'promtool',
  'cc',
  'chromium',
] as const;
export type PartName = (typeof partNames)[number];

export interface Part {
  /** Environment variable with the path of the executable; it wins over everything. */
  readonly variable: string;
  /** Environment variable with a folder that may hold the executable under the part's name. */
  readonly folderVariable?: 'KUBEBUILDER_ASSETS';
  /** The names it goes by on PATH. */
  readonly commands: readonly string[];
  /** What it must be able to do to be taken from PATH. */
  readonly check: VersionCheck | CompileCheck;
  /** How it is made, first choice first. */
  readonly ways: readonly Way[];
  /** What a person can do when no way is open. */
  readonly advice: string;
}

export interface VersionCheck {
  readonly kind: 'version';
  readonly args: readonly string[];
  readonly pattern: RegExp;
  readonly minimum: Version;
}

/** It compiles a shared library against the C library's headers. */
export interface CompileCheck {
  readonly kind: 'compile';
}

const kubeMinimum = [1, 30] as const;
const go = 'Go 1.21 or newer (https://go.dev/dl)';

export const parts: Readonly<Record<PartName, Part>> = {
  etcd: {
    variable: 'ETCD',
    folderVariable: 'KUBEBUILDER_ASSETS',
    commands: ['etcd'],
    check: {
      kind: 'version',
      args: ['--version'],
      pattern: /etcd Version: (\d+)\.(\d+)/,
      minimum: [3, 4],
    },
    ways: [
      goWay({
        name: 'etcd',
        module: 'etcd',
        requires: 'go.etcd.io/etcd/server/v3',
        package: 'go.etcd.io/etcd/server/v3',
        stamps: () => ({}),
        usually: '40 s on two cores',
      }),
    ],
    advice: `install etcd 3.4 or newer, or ${go}, or set KUBEBUILDER_ASSETS; SKIP_CLUSTER=1 skips the tests on a cluster`,
  },
  'kube-apiserver': kubernetesPart('kube-apiserver', {
    variable: 'KUBE_APISERVER',
    versionArgs: ['--version'],
    versionPattern: /Kubernetes v(\d+)\.(\d+)\.\d+\s*$/m,
    usually: '3 min on two cores',
  }),
  'kube-controller-manager': kubernetesPart('kube-controller-manager', {
    variable: 'KUBE_CONTROLLER_MANAGER',
    versionArgs: ['--version'],
    versionPattern: /Kubernetes v(\d+)\.(\d+)\.\d+\s*$/m,
    usually: '45 s on two cores',
  }),
  kubectl: kubernetesPart('kubectl', {
    variable: 'KUBECTL',
    versionArgs: ['version', '--client'],
    // Released ones only: vendors' wrappers (`v1.32.4-dispatcher`) choose another program by the server's version.
    versionPattern: /Client Version: v(\d+)\.(\d+)\.\d+\s*$/m,
    usually: '20 s on two cores',
  }),
  prometheus: prometheusPart('prometheus', '70 s on two cores', [
    debianWay({
      packages: ['prometheus'],
      path: '/usr/bin/prometheus',
      services: ['prometheus.service'],
      usually: '15 s',
    }),
    debianUnpackWay({ part: 'prometheus', package: 'prometheus', path: 'usr/bin/prometheus' }),
  ]),
  promtool: prometheusPart('promtool', '10 s after prometheus', [
    debianUnpackWay({ part: 'promtool', package: 'prometheus', path: 'usr/bin/promtool' }),
  ]),
  cc: {
    variable: 'CC',
    commands: ['cc', 'gcc', 'clang'],
    check: { kind: 'compile' },
    ways: [
      debianWay({ packages: ['gcc', 'libc6-dev'], path: '/usr/bin/gcc', usually: '20 s' }),
      zigWay(),
    ],
    advice: 'install gcc or clang with the C library headers (gcc and libc6-dev on Debian)',
  },
  chromium: {
    variable: 'CHROMIUM',
    commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    check: {
      kind: 'version',
      args: ['--version'],
      pattern: /Chrom\w* (\d+)\.(\d+)/,
      minimum: [120, 0],
    },
    ways: [debianWay({ packages: ['chromium'], path: '/usr/bin/chromium', usually: '1 min' })],
    advice: 'install Chromium or Chrome 120 or newer, or set CHROMIUM to its path',
  },
};

interface KubernetesPart {
  readonly variable: string;
  readonly versionArgs: readonly string[];
  readonly versionPattern: RegExp;
  readonly usually: string;
}

function kubernetesPart(name: PartName, part: KubernetesPart): Part {
  const program: GoProgram = {
    name,
    module: 'kubernetes',
    requires: 'k8s.io/kubernetes',
    package: `k8s.io/kubernetes/cmd/${name}`,
    stamps: (version) => ({
      'k8s.io/component-base/version.gitVersion': version,
      'k8s.io/component-base/version.gitMajor': version.slice(1).split('.')[0] ?? '',
      'k8s.io/component-base/version.gitMinor': version.split('.')[1] ?? '',
    }),
    usually: part.usually,
  };
  return {
    variable: part.variable,
    folderVariable: 'KUBEBUILDER_ASSETS',
    commands: [name],
    check: {
      kind: 'version',
      args: part.versionArgs,
      pattern: part.versionPattern,
      minimum: kubeMinimum,
    },
    ways: [goWay(program)],
    advice: `install ${name} ${kubeMinimum.join('.')} or newer, or ${go}, or set KUBEBUILDER_ASSETS; SKIP_CLUSTER=1 skips the tests on a cluster`,
  };
}

function prometheusPart(name: 'prometheus' | 'promtool', usually: string, debian: Way[]): Part {
  const program: GoProgram = {
    name,
    module: 'prometheus',
    requires: 'github.com/prometheus/prometheus',
    package: `github.com/prometheus/prometheus/cmd/${name}`,
    // Module v0.315.0 is release 3.15.0: two digits of the module's minor are the release's minor.
    stamps: (version) => ({
      'github.com/prometheus/common/version.Version': version.replace(
        /^v0\.(\d)(\d\d)\.(\d+)$/,
        (_all, major: string, minor: string, patch: string) => `${major}.${Number(minor)}.${patch}`,
      ),
    }),
    // Without the clients of twenty clouds; targets from the configuration and from files stay.
    tags: 'remove_all_sd',
    usually,
  };
  return {
    variable: name.toUpperCase(),
    commands: [name],
    check: {
      kind: 'version',
      args: ['--version'],
      pattern: new RegExp(`${name}, version (\\d+)\\.(\\d+)`),
      minimum: [2, 40],
    },
    ways: [...debian, goWay(program)],
    advice: `install Prometheus 2.40 or newer, or ${go}, or set ${name.toUpperCase()} to its path; SKIP_CLUSTER=1 skips the tests on a cluster`,
  };
}
