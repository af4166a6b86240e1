import { isApiError } from './api-error.ts';
import type { LeaseRecord } from './lease-record.ts';
import type { Transport } from './transport.ts';

/**
 * Deletes a Lease if it still is as it was read. `changed`: it is not, so somebody has begun to lead.
 * @throws {ApiError}
 */
export async function deleteLease(
  transport: Pick<Transport, 'json'>,
  lease: { readonly namespace: string; readonly name: string; readonly record: LeaseRecord },
  signal: AbortSignal,
): Promise<'deleted' | 'absent' | 'changed'> {
  const { namespace, name, record } = lease;
  const { uid, resourceVersion } = record;
  try {
    await transport.json({
      method: 'DELETE',
      path: `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`,
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        preconditions: { ...(uid === null ? {} : { uid }), resourceVersion },
      },
      signal,
    });
    return 'deleted';
  } catch (error) {
    if (isApiError(error, 'not_found')) return 'absent';
    if (isApiError(error, 'conflict')) return 'changed';
    throw error;
  }
}
