import { CodedError } from '../lib/errors.ts';

/** Why the kubelet does not tell which pod holds which device. */
export const podResourcesProblems = [
  'no_kubelet',
  'socket_missing',
  'permission_denied',
  'connection_refused',
  'disconnected',
  'timeout',
  'unimplemented',
  'rejected',
  'too_large',
  'bad_answer',
] as const;
export type PodResourcesProblem = (typeof podResourcesProblems)[number];

/** A list that could not be had; `code` says why, `hint` what to do. */
export class PodResourcesError extends CodedError<PodResourcesProblem> {
  override readonly name = 'PodResourcesError';
}
