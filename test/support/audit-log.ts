import { readFile } from 'node:fs/promises';

/** One line of the API server's audit log, used fields only (audit.k8s.io/v1, level Metadata). */
export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code: number };
  readonly requestReceivedTimestamp: string;
}

const writeVerbs = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/** Every finished request so far. */
export async function readAuditLog(file: string): Promise<AuditEvent[]> {
  const text = await readFile(file, 'utf8');
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent);
}

export function isWrite(event: AuditEvent): boolean {
  return writeVerbs.includes(event.verb);
}
