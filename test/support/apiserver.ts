import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { ApiClient, type ApiAccess } from './api-client.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { findPart } from './parts/find-part.ts';
import { freePort } from './port.ts';
import { makeDataDir, Service, startService, type ServiceOptions } from './service.ts';

export interface ApiServerOptions {
  readonly etcdUrl: string;
  /** Users beside the administrator; each gets a token. RBAC decides what they may do. */
  readonly users?: readonly ApiUser[];
  readonly extraArgs?: readonly string[];
  /** Listens on all addresses and tells pods to come to this one; without it, on 127.0.0.1 alone. */
  readonly advertiseAddress?: string;
  /** Default: a free one. */
  readonly port?: number;
}

export interface ApiUser {
  /** `system:serviceaccount:NAMESPACE:NAME` for what stands in for a service account. */
  readonly name: string;
  readonly groups?: readonly string[];
}

/** A service account as the API server sees it when its token is used. */
export function serviceAccountUser(namespace: string, name: string): ApiUser {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
  };
}

interface ApiServerFiles {
  /** The server's certificate, made at its first start (PEM). */
  readonly caFile: string;
  /** Signs service account tokens (PEM), for kube-controller-manager. */
  readonly serviceAccountKeyFile: string;
  /** JSON lines, for `readAuditLog`. */
  readonly auditLog: string;
  /** Token by user name. */
  readonly tokens: ReadonlyMap<string, string>;
}

/** A real API server with RBAC and an audit log. */
export class ApiServer extends Service {
  readonly files: ApiServerFiles;

  constructor(options: ServiceOptions, files: ApiServerFiles) {
    super(options);
    this.files = files;
  }

  get auditLog(): string {
    return this.files.auditLog;
  }

  /** A client with all rights (system:masters). */
  get admin(): ApiClient {
    return new ApiClient(this.accessOf(adminUser.name));
  }

  /** How a user of `options.users`, or the administrator, gets in. */
  accessOf(user: string): ApiAccess {
    const token = this.files.tokens.get(user);
    if (token === undefined) throw new Error(`the API server was started without the user ${user}`);
    return { url: this.url, token, ca: readFileSync(this.files.caFile, 'utf8') };
  }

  /** Writes a kubeconfig into the server's folder, the administrator's unless a user is named, and returns its path. */
  async writeKubeconfig(user = adminUser.name): Promise<string> {
    const file = join(this.dataDir, `kubeconfig-${user.replaceAll(/[^\w-]/g, '_')}`);
    await writeKubeconfig(file, this.accessOf(user));
    return file;
  }
}

const adminUser: ApiUser = { name: 'test-admin', groups: ['system:masters'] };

/** Starts kube-apiserver with a self-signed certificate and waits for /readyz (5 to 8 s on two cores). */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const command = await findPart('kube-apiserver');
  const dataDir = await makeDataDir('apiserver');
  const port = options.port ?? (await freePort());
  const { advertiseAddress } = options;
  // The certificate of one that listens everywhere says localhost, not 127.0.0.1.
  const url = `https://${advertiseAddress === undefined ? '127.0.0.1' : 'localhost'}:${port}`;
  const tokens = await writeTokens(join(dataDir, 'tokens.csv'), [
    adminUser,
    ...(options.users ?? []),
  ]);
  const keyFile = await writeServiceAccountKey(dataDir);
  await writePolicy(join(dataDir, 'audit-policy.yaml'));
  await mkdir(join(dataDir, 'certs'));
  const caFile = join(dataDir, 'certs', 'apiserver.crt');
  const auditLog = join(dataDir, 'audit.log');
  const token = tokens.get(adminUser.name) ?? '';
  const service: ServiceOptions = {
    name: 'kube-apiserver',
    url,
    command,
    args: [
      `--etcd-servers=${options.etcdUrl}`,
      ...addressArgs(advertiseAddress),
      `--secure-port=${port}`,
      `--cert-dir=${join(dataDir, 'certs')}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${keyFile}`,
      `--service-account-signing-key-file=${keyFile}`,
      '--authorization-mode=Node,RBAC',
      `--token-auth-file=${join(dataDir, 'tokens.csv')}`,
      `--audit-policy-file=${join(dataDir, 'audit-policy.yaml')}`,
      `--audit-log-path=${auditLog}`,
      '--allow-privileged=true',
      ...(options.extraArgs ?? []),
    ],
    dataDir,
    readyWithinMs: 120_000,
    isReady: async () => isReady(`${url}/readyz`, await readFile(caFile, 'utf8'), token),
  };
  const files = { caFile, serviceAccountKeyFile: keyFile, auditLog, tokens };
  return startService(new ApiServer(service, files));
}

function addressArgs(advertiseAddress: string | undefined): string[] {
  if (advertiseAddress !== undefined) {
    return ['--bind-address=0.0.0.0', `--advertise-address=${advertiseAddress}`];
  }
  return [
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    // Nobody asks for the endpoints of the service "kubernetes", and a loopback address is not allowed there.
    '--endpoint-reconciler-type=none',
  ];
}

async function writeTokens(file: string, users: readonly ApiUser[]): Promise<Map<string, string>> {
  const tokens = new Map(users.map((user) => [user.name, randomUUID()]));
  const lines = users.map((user, index) => {
    return `${tokens.get(user.name)},${user.name},uid-${index},"${(user.groups ?? []).join(',')}"\n`;
  });
  await writeFile(file, lines.join(''), { mode: 0o600 });
  return tokens;
}

async function writeServiceAccountKey(folder: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = join(folder, 'service-account.key');
  await writeFile(file, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  return file;
}

async function writePolicy(file: string): Promise<void> {
  const policy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata' }],
  };
  await writeFile(file, JSON.stringify(policy));
}

function isReady(url: string, ca: string, token: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const asked = request(url, { ca, headers, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer within 5 s')));
    asked.on('error', reject);
    asked.end();
  });
}
