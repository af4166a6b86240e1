import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from '../../lib/errors.ts';
import { Slices } from '../../lib/slices.ts';
import type { HeldDevice } from '../held-device.ts';
import { noKubelet } from './call-failure.ts';
import { heldDevices } from './list-answer.ts';
import { unaryCall } from './unary-call.ts';

export interface ListRequest {
  readonly socket: string;
  /** Of which resources devices are wanted. */
  readonly wants: (resource: string) => boolean;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** What Kubernetes' own clients take; 250 pods with ten containers each come to about 1 MiB. */
const maxAnswerBytes = 16 * 1024 * 1024;
/** Longest stretch of reading an answer between two turns of the event loop. */
const sliceMs = 1;

/**
 * The devices that the containers of this node hold, as the kubelet says now (v1.PodResourcesLister/List).
 * @throws {PodResourcesError}
 */
export async function listPodResources(request: ListRequest): Promise<readonly HeldDevice[]> {
  const { socket, wants, deadlineMs, signal } = request;
  if (isMissing(dirname(socket))) throw noKubelet(socket);
  const answer = await unaryCall({
    socket,
    path: '/v1.PodResourcesLister/List',
    // ListPodResourcesRequest has no fields.
    request: Buffer.alloc(0),
    deadlineMs,
    maxBytes: maxAnswerBytes,
    signal,
  });
  const slices = new Slices(sliceMs, () => performance.now());
  const found: HeldDevice[] = [];
  for (const devices of heldDevices(answer, wants)) {
    found.push(...devices);
    await slices.breathe();
  }
  return found;
}

/** A folder that may not be looked into is there: connecting then says so. */
function isMissing(folder: string): boolean {
  try {
    statSync(folder);
    return false;
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR';
  }
}
