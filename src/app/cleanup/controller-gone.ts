import type { Settings } from '../../config/options.ts';
import type { DeploymentName } from '../../kubernetes/deployment-scale.ts';
import type { Transport } from '../../kubernetes/transport.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import { holderOf, type LeaseCheck, type LeaseFinding } from './lease-check.ts';
import { stopDeployment, type Stopped } from './stop-deployment.ts';

export interface ControllerGoneOptions {
  readonly settings: Settings<'cleanup'>;
  readonly api: Pick<Transport, 'json'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** null: no election takes place here, so there is no Lease to look at. */
  readonly check: LeaseCheck | null;
}

export interface ControllerFinding {
  /** null: it was not asked for. */
  readonly deployment: Stopped | null;
  readonly leaseName: DeploymentName;
  /** null: not looked at. */
  readonly lease: LeaseFinding | null;
  /** True: somebody leads and will write again. */
  readonly isRunning: boolean;
}

/** A controller that is asked to end gives its Lease back within a second or two; one that was killed loses it in 15 s. */
const endingMs = 20_000;

/** Stops the controller where that is asked for, and finds out whether one is still at work. @throws {CodedError} when it cannot be stopped. */
export async function controllerGone(
  options: ControllerGoneOptions,
  leaseName: DeploymentName,
): Promise<ControllerFinding> {
  const { settings, api, check } = options;
  const wanted = deploymentOf(settings['stop-deployment']);
  const dryRun = settings['dry-run'];
  const deployment =
    wanted === null
      ? null
      : await stopDeployment({ ...options, transport: api, deployment: wanted, dryRun });
  if (check === null) return { deployment, leaseName, lease: null, isRunning: false };
  options.log.info({ ...leaseName }, 'looking at the Lease, whether a controller runs');
  const isStopped = deployment?.outcome === 'stopped';
  const lease = await check.look(isStopped ? endingMs : 0);
  const found = { deployment, leaseName, isRunning: false };
  if (lease.state !== 'held') return { ...found, lease };
  return isStopped
    ? { ...found, ...(await fenced(options, check, lease)) }
    : { ...found, lease, isRunning: warned(options, lease) };
}

/** The pods are gone and somebody goes on renewing: a container on a node whose kubelet does not run. It is kept from writing. */
async function fenced(
  { log }: ControllerGoneOptions,
  check: LeaseCheck,
  held: LeaseFinding,
): Promise<{ lease: LeaseFinding; isRunning: boolean }> {
  const lease = await check.fence();
  const isRunning = lease.state === 'unknown';
  log.warn(
    {
      holder: holderOf(held),
      hint: 'Is there a node whose kubelet does not run? End the container there; deleting its service account stops it for good.',
    },
    isRunning
      ? 'a controller goes on without a pod and writes again what is removed'
      : 'a controller goes on without a pod; its Lease was taken, so it writes nothing for ten minutes',
  );
  return { lease, isRunning };
}

function warned({ log, settings }: ControllerGoneOptions, lease: LeaseFinding): true {
  const hint =
    'Stop it first: --stop-deployment NAMESPACE/NAME does, or kubectl scale deployment NAME --replicas 0.';
  const fields = { holder: holderOf(lease), hint };
  if (settings['dry-run']) log.warn(fields, 'a controller runs');
  else log.warn(fields, 'a controller runs and will write again what is removed');
  return true;
}

function deploymentOf(text: string | null): DeploymentName | null {
  if (text === null) return null;
  const [namespace = '', name = ''] = text.split('/');
  return { namespace, name };
}
