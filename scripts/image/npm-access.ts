import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';

/** Settings in the environment that say where packages come from; npm sets many others for the scripts it runs. */
const aboutRegistries =
  /^npm_config_(?:(?:.*:)?registry|(?:https_|http_|https-)?proxy|strict_ssl|cafile|\/\/.*)$/i;

/** Lines of a configuration that hold for this machine alone. */
const aboutThisMachine = /^\s*(?:cafile|nodedir|cache|prefix)\s*=/;

/**
 * How this machine reaches its npm registry, as files in `folder` for the secrets `npmrc` and `npm-ca` of the build: the
 * machine's and the user's npm configuration, settings from the environment, certificates.
 */
export function npmSecrets(
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const user = env['npm_config_userconfig'] ?? join(env['HOME'] ?? homedir(), '.npmrc');
  const files = [env['npm_config_globalconfig'], user].filter((file) => file !== undefined);
  const lines = [
    ...files.flatMap((file) => readIfThere(file).split('\n')),
    ...Object.entries(env).flatMap(([name, value]) => lineOf(name, value)),
  ];
  const kept = lines.filter((line) => !aboutThisMachine.test(line));
  const secrets: Record<string, string> = { npmrc: join(folder, 'npmrc') };
  const authorities = certificates(lines, env['NODE_EXTRA_CA_CERTS'] ?? '');
  if (authorities !== undefined) {
    secrets['npm-ca'] = join(folder, 'npm-ca.pem');
    writeFileSync(secrets['npm-ca'], authorities, { mode: 0o600 });
    kept.push('cafile=/run/secrets/npm-ca');
  }
  writeFileSync(join(folder, 'npmrc'), `${kept.join('\n')}\n`, { mode: 0o600 });
  return secrets;
}

function lineOf(name: string, value = ''): string[] {
  if (!aboutRegistries.test(name) || value === '') return [];
  const key = name.slice('npm_config_'.length);
  return [`${/[:/]/.test(key) ? key : key.toLowerCase().replaceAll('_', '-')}=${value}`];
}

/** npm's `cafile` replaces Node's own authorities, NODE_EXTRA_CA_CERTS adds to them. */
function certificates(lines: readonly string[], extra: string): string | undefined {
  const asked = lines
    .map((line) => /^\s*cafile\s*=\s*(\S.*)$/.exec(line)?.[1]?.trimEnd())
    .findLast(Boolean);
  if (asked === undefined && extra === '') return undefined;
  const own = asked === undefined ? rootCertificates.join('\n') : readIfThere(asked);
  return `${own}\n${extra === '' ? '' : readIfThere(extra)}\n`;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
