import { debianUnpackWay, debianWay } from '../debian.ts';
import { goWay, type GoProgram } from '../go-build.ts';
import type { Way } from '../way.ts';
import { goAdvice, type Part } from './part.ts';

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
} satisfies Record<string, Part>;

function prometheusPart(
  name: 'prometheus' | 'promtool',
  usually: string,
  debian: readonly Way[],
): Part {
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
    advice: `install Prometheus 2.40 or newer, or ${goAdvice}, or set ${name.toUpperCase()} to its path; SKIP_CLUSTER=1 skips the tests on a cluster`,
  };
}
