import { debianUnpackWay, debianWay } from '../debian.ts';
import { goWay, type GoProgram } from '../go-build.ts';
import type { Way } from '../way.ts';
import { goAdvice, type Part, type VersionCheck } from './part.ts';

export const prometheusParts = {
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
  // Those that find their targets by asking an API server, which Debian's package cannot. They have no web pages.
  'prometheus-kubernetes': kubernetesPart('prometheus', '90 s on two cores'),
  'promtool-kubernetes': kubernetesPart('promtool', '10 s after prometheus-kubernetes'),
} satisfies Record<string, Part>;

type Program = 'prometheus' | 'promtool';

function prometheusPart(name: Program, usually: string, debian: readonly Way[]): Part {
  // Without the clients of twenty clouds; targets from the configuration and from files stay.
  const program = goProgram(name, { program: name, usually, tags: 'remove_all_sd' });
  return {
    variable: name.toUpperCase(),
    commands: [name],
    check: versionCheck(name),
    ways: [...debian, goWay(program)],
    advice: `install Prometheus 2.40 or newer, or ${goAdvice}, or set ${name.toUpperCase()} to its path; SKIP_CLUSTER=1 skips the tests on a cluster`,
  };
}

function kubernetesPart(program: Program, usually: string): Part {
  const tags = 'remove_all_sd,enable_kubernetes_sd';
  const variable = `${program.toUpperCase()}_KUBERNETES`;
  return {
    variable,
    // Whether one on PATH can do it does not show in its version.
    commands: [],
    check: versionCheck(program),
    ways: [goWay(goProgram(`${program}-kubernetes`, { program, usually, tags }))],
    advice: `install ${goAdvice}, or set ${variable} to a released ${program}; SKIP_CLUSTER=1 skips the tests on a cluster`,
  };
}

function versionCheck(program: Program): VersionCheck {
  return {
    kind: 'version',
    args: ['--version'],
    pattern: new RegExp(`${program}, version (\\d+)\\.(\\d+)`),
    minimum: [2, 40],
  };
}

function goProgram(
  name: string,
  { program, usually, tags }: { program: Program; usually: string; tags: string },
): GoProgram {
  return {
    name,
    module: 'prometheus',
    requires: 'github.com/prometheus/prometheus',
    package: `github.com/prometheus/prometheus/cmd/${program}`,
    // Module v0.315.0 is release 3.15.0: two digits of the module's minor are the release's minor.
    stamps: (version) => ({
      'github.com/prometheus/common/version.Version': version.replace(
        /^v0\.(\d)(\d\d)\.(\d+)$/,
        (_all, major: string, minor: string, patch: string) => `${major}.${Number(minor)}.${patch}`,
      ),
    }),
    tags,
    usually,
  };
}
