import { goWay } from '../go-build.ts';
import { goAdvice, type Part } from './part.ts';

/** Programs that install into a cluster, check what is to be installed, or simulate nodes. */
export const toolParts = {
  helm: {
    variable: 'HELM',
    commands: ['helm'],
    check: {
      kind: 'version',
      args: ['version', '--short'],
      pattern: /v(\d+)\.(\d+)/,
      minimum: [3, 14],
    },
    ways: [
      goWay({
        name: 'helm',
        module: 'helm',
        requires: 'helm.sh/helm/v3',
        package: 'helm.sh/helm/v3/cmd/helm',
        stamps: (version) => ({
          'helm.sh/helm/v3/internal/version.version': version,
          // The Kubernetes that `helm template` renders for; of the client library that Helm is built with.
          'helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor': '1',
          'helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor': '37',
          'helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor': '1',
          'helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor': '37',
        }),
        usually: '1 min on two cores',
      }),
    ],
    advice: `install Helm 3.14 or newer, or ${goAdvice}, or set HELM to its path; SKIP_CLUSTER=1 skips the tests on a cluster`,
  },
  kwok: {
    variable: 'KWOK',
    commands: ['kwok'],
    check: { kind: 'version', args: ['--version'], pattern: /v(\d+)\.(\d+)/, minimum: [0, 6] },
    ways: [
      goWay({
        name: 'kwok',
        module: 'kwok',
        requires: 'sigs.k8s.io/kwok',
        package: 'sigs.k8s.io/kwok/cmd/kwok',
        stamps: (version) => ({ 'sigs.k8s.io/kwok/pkg/consts.Version': version }),
        usually: '1 min on two cores',
      }),
    ],
    advice: `install kwok 0.6 or newer, or ${goAdvice}, or set KWOK to its path; SKIP_CLUSTER=1 skips the tests on a cluster`,
  },
} satisfies Record<string, Part>;
