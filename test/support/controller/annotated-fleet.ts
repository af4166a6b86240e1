import type { ApiServer } from '../apiserver.ts';
import { isWrite, readAuditLog, type AuditEvent } from '../audit-log.ts';

/** What tests ask of nodes and of the audit log of a real API server. */
export class AnnotatedFleet {
  readonly #apiServer: ApiServer;

  constructor(apiServer: ApiServer) {
    this.#apiServer = apiServer;
  }

  async create(name: string, annotations: Readonly<Record<string, string>> = {}): Promise<void> {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, annotations } };
    await this.#apiServer.admin.create('/api/v1/nodes', node);
  }

  async annotations(name: string): Promise<Record<string, string>> {
    const node = await this.#apiServer.admin.get<{
      metadata: { annotations?: Record<string, string> };
    }>(`/api/v1/nodes/${name}`);
    return node.metadata.annotations ?? {};
  }

  async annotate(
    name: string,
    annotations: Readonly<Record<string, string | null>>,
  ): Promise<void> {
    await this.#apiServer.admin.patch(`/api/v1/nodes/${name}`, { metadata: { annotations } });
  }

  /** Requests that somebody (not the tests) sent to write a node, since a time. */
  async nodeWrites(sinceMs: number, node?: string): Promise<AuditEvent[]> {
    const events = await readAuditLog(this.#apiServer.auditLog);
    return events.filter(
      (event) =>
        isWrite(event) &&
        event.objectRef?.resource === 'nodes' &&
        event.user.username !== 'test-admin' &&
        (node === undefined || event.objectRef.name === node) &&
        Date.parse(event.requestReceivedTimestamp) >= sinceMs,
    );
  }
}
