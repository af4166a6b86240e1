import { isApiError } from './api-error.ts';
import { leaseBody, leaseRecord, type LeaseRecord } from './lease-record.ts';
import type { Transport } from './transport.ts';

export interface LeaseStoreOptions {
  readonly transport: Pick<Transport, 'json'>;
  readonly namespace: string;
  readonly name: string;
  readonly durationMs: number;
  /** Of one request. */
  readonly timeoutMs: number;
}

export interface LeaseWrite {
  readonly holder: string;
  readonly nowMs: number;
  readonly current: LeaseRecord | null;
  readonly annotations: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Reading and writing of one Lease object. */
export interface LeaseStore {
  /** null: there is none. @throws {ApiError} */
  read(signal: AbortSignal): Promise<LeaseRecord | null>;
  /** Creates it (current null) or updates exactly the state `current`. @throws {ApiError} `conflict`: somebody else was first. */
  write(write: LeaseWrite): Promise<LeaseRecord>;
}

export function createLeaseStore(options: LeaseStoreOptions): LeaseStore {
  const { transport, namespace, name, durationMs, timeoutMs } = options;
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const item = `${collection}/${name}`;
  const timeouts = { headerTimeoutMs: timeoutMs, bodyTimeoutMs: timeoutMs };
  return {
    read: async (signal) => {
      try {
        return leaseRecord(
          await transport.json({ method: 'GET', path: item, signal, ...timeouts }),
        );
      } catch (error) {
        if (isApiError(error, 'not_found')) return null;
        throw error;
      }
    },
    write: async ({ holder, nowMs, current, annotations, signal }) => {
      const body = leaseBody({
        name,
        namespace,
        holder,
        durationMs,
        nowMs,
        current,
        annotations,
      });
      const request =
        current === null
          ? ({ method: 'POST', path: collection } as const)
          : ({ method: 'PUT', path: item } as const);
      return leaseRecord(await transport.json({ ...request, body, signal, ...timeouts }));
    },
  };
}
