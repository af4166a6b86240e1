import { codeOf, messageOf } from '../../lib/errors.ts';
import { PodResourcesError, type PodResourcesProblem } from '../pod-resources-error.ts';

/** Status codes of gRPC that are told apart; the others are named by their number. */
const grpcStatus = { ok: '0', deadlineExceeded: '4', unimplemented: '12' } as const;

const mountHint =
  "In a pod, mount the host's folder (not the socket itself: a restarted kubelet makes a new one), usually /var/lib/kubelet/pod-resources.";

/** A socket that cannot be used, in words and with the next step. */
export function connectionFailure(error: unknown, socket: string): PodResourcesError {
  if (error instanceof PodResourcesError) return error;
  const code = codeOf(error) ?? '';
  const fail = (problem: PodResourcesProblem, message: string, hint: string): PodResourcesError =>
    new PodResourcesError(problem, message, { cause: error, hint });
  switch (code) {
    case 'ENOENT':
      return fail(
        'socket_missing',
        `${socket} does not exist, its folder does`,
        'The kubelet is starting or stopped: see systemctl status kubelet on the node. With another --root-dir of the kubelet the socket is elsewhere: --pod-resources.socket.',
      );
    case 'EACCES':
    case 'EPERM':
      return fail(
        'permission_denied',
        `${socket} may not be used by user ${process.getuid?.() ?? '?'}`,
        "The kubelet's folder belongs to root: run the collector as user 0. It needs no capability for that.",
      );
    case 'ECONNREFUSED':
      return fail(
        'connection_refused',
        `Nobody listens on ${socket}`,
        `The kubelet is stopped, or the socket is one from before its restart. ${mountHint}`,
      );
    case 'EAGAIN':
      return fail(
        'timeout',
        `The kubelet takes no connections on ${socket}: too many wait already`,
        'It hangs or is overloaded: see its log, journalctl -u kubelet.',
      );
    case 'ERR_HTTP2_ERROR':
      return fail(
        'bad_answer',
        `What listens on ${socket} does not speak gRPC`,
        'See that the socket is that of the kubelet (pod-resources/kubelet.sock), not of another service.',
      );
    default:
      return fail(
        'disconnected',
        `The connection to the kubelet failed: ${messageOf(error)}`,
        'The kubelet is restarting, or crashed: see its log, journalctl -u kubelet.',
      );
  }
}

export function noKubelet(socket: string): PodResourcesError {
  return new PodResourcesError(
    'no_kubelet',
    `The folder of ${socket} does not exist: no kubelet here, or its folder is not mounted`,
    { hint: mountHint },
  );
}

export function deadlinePassed(deadlineMs: number): PodResourcesError {
  return new PodResourcesError('timeout', `The kubelet has not answered within ${deadlineMs} ms`, {
    hint: 'It hangs or is overloaded: see its log, journalctl -u kubelet.',
  });
}

/** The error of a call that was answered with this status; undefined: it went well. */
export function statusFailure(status: string, text: string): PodResourcesError | undefined {
  if (status === grpcStatus.ok) return undefined;
  const said = text === '' ? '' : `: ${decoded(text)}`;
  if (status === grpcStatus.unimplemented) {
    return new PodResourcesError(
      'unimplemented',
      `This kubelet does not know PodResourcesLister v1${said}`,
      {
        hint: 'It is there since Kubernetes 1.20 (feature gate KubeletPodResources): upgrade the node.',
      },
    );
  }
  const problem = status === grpcStatus.deadlineExceeded ? 'timeout' : 'rejected';
  return new PodResourcesError(problem, `The kubelet answered with gRPC status ${status}${said}`, {
    hint: 'See its log, journalctl -u kubelet.',
  });
}

/** grpc-message is percent-encoded; a wrong one is shown as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
