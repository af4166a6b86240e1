import { ApiError, isApiError } from './api-error.ts';
import { field } from './node-metadata.ts';
import type { Transport } from './transport.ts';

export interface DeploymentName {
  readonly namespace: string;
  readonly name: string;
}

/** What the scale subresource tells. */
export interface DeploymentScale {
  /** As asked for. */
  readonly wanted: number;
  /** Pods that exist and are not being deleted, as the Deployment's controller last saw them. */
  readonly running: number;
}

type Api = Pick<Transport, 'json'>;

/** null: there is no such Deployment. @throws {ApiError} */
export function readScale(
  api: Api,
  deployment: DeploymentName,
  signal: AbortSignal,
): Promise<DeploymentScale | null> {
  return request(api, deployment, { method: 'GET', signal });
}

/** Asks for so many pods; null: there is no such Deployment. @throws {ApiError} */
export function setScale(
  api: Api,
  deployment: DeploymentName,
  replicas: number,
  signal: AbortSignal,
): Promise<DeploymentScale | null> {
  return request(api, deployment, {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body: { spec: { replicas } },
    signal,
  });
}

async function request(
  api: Api,
  { namespace, name }: DeploymentName,
  options: Omit<Parameters<Api['json']>[0], 'path'>,
): Promise<DeploymentScale | null> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/scale`;
  try {
    return scaleOf(await api.json({ ...options, path }));
  } catch (error) {
    if (isApiError(error, 'not_found')) return null;
    throw error;
  }
}

function scaleOf(object: unknown): DeploymentScale {
  // Zero is left out of a Scale's spec; status.replicas always comes.
  const wanted = field(field(object, 'spec'), 'replicas') ?? 0;
  const running = field(field(object, 'status'), 'replicas');
  if (typeof wanted !== 'number' || typeof running !== 'number') {
    throw new ApiError('bad_answer', 'the scale of a Deployment without numbers of replicas came');
  }
  return { wanted, running };
}
