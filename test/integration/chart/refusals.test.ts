import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { optionNamesIn } from '../../../src/config/names.ts';
import { renderRefusal } from '../../support/chart/render.ts';
import { describeWithCluster } from '../../support/describe-with-cluster.ts';
import { chart } from '../../support/helm.ts';
import { findPart } from '../../support/parts/find-part.ts';
import { runCommand } from '../../support/parts/run-command.ts';

/** Values that are wrong, and what of the answer has to be there for somebody to find the slip. */
const wrong: readonly (readonly [what: string, values: object, ...expected: string[]])[] = [
  ['an unknown key', { collectr: {} }, 'collectr', 'not allowed'],
  ['an unknown key below', { image: { tagg: 'x' } }, "'/image'", 'tagg'],
  ['a value that Helm would take for a number', { image: { tag: 1.2 } }, "'/image/tag'", 'string'],
  ['a word that is none of the choices', { collector: { runOn: 'gpus' } }, "'labelled'", 'runOn'],
  ['a flag without --', { collector: { args: ['log.level=debug'] } }, "'/collector/args/0'", '--'],
  [
    'a URL of another kind',
    { prometheus: { url: 'prometheus:9090' } },
    "'/prometheus/url'",
    'http',
  ],
  ['a relative folder', { collector: { kubeletPath: 'kubelet' } }, "'/collector/kubeletPath'"],
  ['replicas below none', { controller: { replicas: -1 } }, "'/controller/replicas'", '-1'],
  ['a port beyond the last', { prometheus: { hostPort: 99_999 } }, "'/prometheus/hostPort'"],
  [
    'two ways to a variable',
    { controller: { env: [{ name: 'A', value: 'b', valueFrom: { fieldRef: {} } }] } },
    "'/controller/env/0'",
  ],
  [
    'an unknown option',
    { collector: { config: { sampling: { intervall: '1s' } } } },
    "'/collector/config/sampling'",
    'intervall',
  ],
  [
    'an option of the other command',
    { collector: { config: { ttl: '1m' } } },
    "'/collector/config'",
    'ttl',
  ],
  [
    'an option of the wrong form',
    { controller: { config: { interval: 30 } } },
    "'/controller/config/interval'",
    'string',
  ],
  ['an option of an unknown choice', { collector: { config: { source: 'cuda' } } }, "'nvml'"],
  [
    'no Prometheus at all',
    { prometheus: { enabled: false } },
    'prometheus.url is needed',
    'http://prometheus.monitoring:9090',
  ],
  [
    'a port by the configuration',
    { collector: { config: { web: { 'listen-address': ':1' } } } },
    'collector.config: web.listen-address',
    'collector.port',
  ],
  [
    'a Lease by the configuration',
    { controller: { config: { lease: { enabled: false } } } },
    'controller.config: lease.enabled',
  ],
  [
    'one cycle for ever',
    { controller: { config: { once: true } } },
    'controller.config: once',
    'helm test',
  ],
  [
    'a key of no Secret',
    { prometheus: { auth: { caKey: 'ca.crt' } } },
    'prometheus.auth.secretName',
  ],
  [
    'a user without password',
    { prometheus: { auth: { secretName: 's', username: 'u' } } },
    'passwordKey',
  ],
  [
    'a certificate without key',
    { prometheus: { auth: { secretName: 's', certKey: 'c' } } },
    'keyKey',
  ],
  [
    'a token and a user',
    {
      prometheus: {
        auth: { secretName: 's', username: 'u', passwordKey: 'p', bearerTokenKey: 't' },
      },
    },
    'bearerTokenKey',
    'exclude',
  ],
  ['TLS without its file', { web: { tls: true } }, 'web.secretName'],
  [
    'a password of no Secret',
    { web: { scrape: { usernameKey: 'u', passwordKey: 'p' } } },
    'web.scrape.secretName',
  ],
  ['two monitors', { serviceMonitor: { enabled: true }, podMonitor: { enabled: true } }, 'twice'],
  [
    'privilege without need',
    { collector: { driver: { privileged: true } } },
    'collector.driver.hostPath',
  ],
  [
    "an account that is nobody's",
    { controller: { serviceAccount: { create: false } } },
    'controller.serviceAccount.name',
  ],
];

describeWithCluster('values that the chart refuses', () => {
  const cases = wrong.map(([what, values, ...expected]) => ({ what, values, expected }));

  it.each(cases)('$what', async ({ values, expected }) => {
    const said = await renderRefusal({ values });
    for (const words of expected) expect(said).toContain(words);
  });

  it.each(['collector', 'controller'] as const)(
    'what the chart sets itself for the %s are options of it',
    async (mode) => {
      const text = await readFile(join(chart, 'templates', '_checks.tpl'), 'utf8');
      const named = text.matchAll(new RegExp(`\\(list "${mode}" "([^"]+)"`, 'g'));
      const owned = [...named].map(([, name]) => name);
      expect(owned.length).toBeGreaterThan(2);
      expect(optionNamesIn(mode)).toEqual(expect.arrayContaining(owned));
    },
  );

  it('the chart is one that `helm lint --strict` has nothing against', async () => {
    const linted = await runCommand(await findPart('helm'), ['lint', '--strict', chart], {
      timeoutMs: 60_000,
    });
    expect(linted).toMatchObject({ code: 0, stdout: expect.stringContaining('0 chart(s) failed') });
    expect(linted.stdout).not.toMatch(/WARNING|ERROR/);
  });
});
