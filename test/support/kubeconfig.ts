import { writeFile } from 'node:fs/promises';
import type { ApiAccess } from './api-client.ts';

/** Writes a kubeconfig with one cluster and one user (JSON, which is YAML). */
export async function writeKubeconfig(file: string, access: ApiAccess): Promise<void> {
  const name = 'test';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server: access.url,
          'certificate-authority-data': Buffer.from(access.ca).toString('base64'),
        },
      },
    ],
    users: [{ name, user: { token: access.token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}
