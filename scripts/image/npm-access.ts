import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';

/** Set by npm for the scripts it runs; they say where npm is, not where packages come from. */
const aboutNpmItself =
  /^npm_config_(?:user_agent|node_gyp|npm_version|local_prefix|globalconfig|userconfig|global_prefix|prefix|init_module|cache|noproxy|production)$/;

/**
 * How this machine reaches its npm registry, as files for the secrets `npmrc` and `npm-ca` of the build: the user's and the
 * machine's npm configuration, settings from the environment, certificates.
 */
export function npmSecrets(folder: string): Record<string, string> {
  const { env } = process;
  const home = env['HOME'] ?? '/root';
  const files = [
    env['npm_config_globalconfig'],
    env['npm_config_userconfig'] ?? join(home, '.npmrc'),
  ];
  const lines = files.flatMap((file) => (file === undefined ? [] : readIfThere(file).split('\n')));
  for (const [name, value = ''] of Object.entries(env)) {
    if (!/^npm_config_/i.test(name) || aboutNpmItself.test(name.toLowerCase())) continue;
    if (/registry|proxy|strict_ssl|cafile|:_/i.test(name) && value !== '') {
      const key = name.slice('npm_config_'.length);
      lines.push(
        `${key.startsWith('//') || key.startsWith('@') ? key : key.toLowerCase().replaceAll('_', '-')}=${value}`,
      );
    }
  }
  const kept = lines.filter((line) => !/^\s*(?:cafile|nodedir|cache|prefix)\s*=/.test(line));
  const secrets: Record<string, string> = { npmrc: join(folder, 'npmrc') };
  const authorities = certificates(lines);
  if (authorities !== undefined) {
    secrets['npm-ca'] = join(folder, 'npm-ca.pem');
    writeFileSync(secrets['npm-ca'], authorities, { mode: 0o600 });
    kept.push('cafile=/run/secrets/npm-ca');
  }
  writeFileSync(join(folder, 'npmrc'), `${kept.join('\n')}\n`, { mode: 0o600 });
  return secrets;
}

/** npm's `cafile` replaces Node's own authorities, NODE_EXTRA_CA_CERTS adds to them. */
function certificates(lines: readonly string[]): string | undefined {
  const asked = lines.map((line) => /^\s*cafile\s*=\s*(.+?)\s*$/.exec(line)?.[1]).findLast(Boolean);
  const extra = process.env['NODE_EXTRA_CA_CERTS'] ?? '';
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
