import { goWay, type GoProgram } from '../go-build.ts';
import { goAdvice, type Part } from './part.ts';

const kubeMinimum = [1, 30] as const;

/** The programs of a cluster. */
export const kubernetesParts = {
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
    advice: `install etcd 3.4 or newer, or ${goAdvice}, or set KUBEBUILDER_ASSETS; SKIP_CLUSTER=1 skips the tests on a cluster`,
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
  'kube-scheduler': kubernetesPart('kube-scheduler', {
    variable: 'KUBE_SCHEDULER',
    versionArgs: ['--version'],
    versionPattern: /Kubernetes v(\d+)\.(\d+)\.\d+\s*$/m,
    usually: '6 s after the others',
  }),
  kubelet: kubernetesPart('kubelet', {
    variable: 'KUBELET',
    versionArgs: ['--version'],
    versionPattern: /Kubernetes v(\d+)\.(\d+)\.\d+\s*$/m,
    usually: '20 s after the others',
  }),
  'kube-proxy': kubernetesPart('kube-proxy', {
    variable: 'KUBE_PROXY',
    versionArgs: ['--version'],
    versionPattern: /Kubernetes v(\d+)\.(\d+)\.\d+\s*$/m,
    usually: '5 s after the others',
  }),
} satisfies Record<string, Part>;

interface KubernetesPart {
  readonly variable: string;
  readonly versionArgs: readonly string[];
  readonly versionPattern: RegExp;
  readonly usually: string;
}

function kubernetesPart(name: string, part: KubernetesPart): Part {
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
    advice: `install ${name} ${kubeMinimum.join('.')} or newer, or ${goAdvice}, or set KUBEBUILDER_ASSETS; SKIP_CLUSTER=1 skips the tests on a cluster`,
  };
}
