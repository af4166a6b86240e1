import {
  readScale,
  setScale,
  type DeploymentName,
  type DeploymentScale,
} from '../../kubernetes/deployment-scale.ts';
import type { Transport } from '../../kubernetes/transport.ts';
import type { Clock } from '../../lib/clock.ts';
import { CodedError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/logger.ts';

export interface StopOptions {
  readonly transport: Pick<Transport, 'json'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly deployment: DeploymentName;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

export interface Stopped {
  readonly outcome: 'stopped' | 'absent' | 'not_tried';
  /** As wanted before; 0 where it was stopped already, null where there is none. */
  readonly replicasBefore: number | null;
}

const pollMs = 500;
const sayAgainMs = 5_000;

/**
 * Scales the Deployment of the controller to 0 and waits until it has no pods any more. One that is not there is as good as stopped.
 * @throws {ApiError} when a right is missing. @throws {CodedError} `still_running`, when the pods do not go or come back.
 */
export async function stopDeployment(options: StopOptions): Promise<Stopped> {
  const { transport, log, deployment, dryRun, signal } = options;
  const before = await readScale(transport, deployment, signal);
  const name = `${deployment.namespace}/${deployment.name}`;
  if (before === null) {
    log.info({ deployment: name }, 'there is no such Deployment, so nothing to stop');
    return { outcome: 'absent', replicasBefore: null };
  }
  if (dryRun) return { outcome: 'not_tried', replicasBefore: before.wanted };
  log.info({ deployment: name, replicas: before.wanted }, 'stopping the controller');
  const asked = before.wanted === 0 ? before : await setScale(transport, deployment, 0, signal);
  if (!(await hasEnded(options, asked))) throw stillRunning(name);
  return { outcome: 'stopped', replicasBefore: before.wanted };
}

async function hasEnded(options: StopOptions, asked: DeploymentScale | null): Promise<boolean> {
  const { transport, clock, log, deployment, signal } = options;
  let saidMs = clock.monotonicMs();
  for (let scale = asked; scale !== null;) {
    if (scale.wanted > 0) throw scaledUp(deployment, scale.wanted);
    if (scale.running === 0) return true;
    if (signal.aborted) return false;
    if (clock.monotonicMs() - saidMs > sayAgainMs) {
      saidMs = clock.monotonicMs();
      log.info({ pods: scale.running }, 'waiting for the pods of the controller to end');
    }
    await clock.sleep(pollMs, signal);
    if (signal.aborted) return false;
    scale = await readScale(transport, deployment, signal);
  }
  return true;
}

function stillRunning(name: string): CodedError {
  return new CodedError('still_running', `the pods of Deployment ${name} have not ended in time`, {
    hint: 'Nothing was removed. See: kubectl describe deployment, and run again with a longer --timeout.',
  });
}

function scaledUp({ namespace, name }: DeploymentName, wanted: number): CodedError {
  return new CodedError(
    'still_running',
    `Deployment ${namespace}/${name} was scaled back to ${wanted} after it had been scaled to 0`,
    {
      hint: 'Nothing was removed. An autoscaler or a GitOps controller looks after it: pause that first.',
    },
  );
}
