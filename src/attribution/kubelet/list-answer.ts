import type { HeldDevice } from '../held-device.ts';
import { MessageReader } from './message-reader.ts';

/**
 * What is read of v1.ListPodResourcesResponse, by field number (kubelet/pkg/apis/podresources/v1/api.proto). Everything else
 * (processors, memory, topology: most of the bytes) is passed over.
 */
const listAnswer = { podResources: 1 } as const;
const podResources = { name: 1, namespace: 2, containers: 3 } as const;
const container = { name: 1, devices: 2, dynamicResources: 5 } as const;
const containerDevices = { resourceName: 1, deviceIds: 2 } as const;
const dynamicResource = { claimName: 2, claimResources: 4 } as const;
const claimResource = { cdiDevices: 1, driverName: 2, deviceName: 4 } as const;
const cdiDevice = { name: 1 } as const;

/**
 * The devices that each pod of an answer holds, of the resources that are wanted; pod by pod, so that a long answer need not
 * be read in one go.
 * @throws {PodResourcesError} bad_answer
 */
export function* heldDevices(
  answer: Buffer,
  wants: (resource: string) => boolean,
): Generator<readonly HeldDevice[]> {
  for (const { field, content } of fields(answer)) {
    if (field === listAnswer.podResources) yield devicesOfPod(content, wants);
  }
}

type Holder = Pick<HeldDevice, 'namespace' | 'pod' | 'container'>;

function devicesOfPod(bytes: Buffer, wants: (resource: string) => boolean): readonly HeldDevice[] {
  let pod = '';
  let namespace = '';
  // Fields may come in any order, so the name of the pod may stand behind its containers.
  const containers: Buffer[] = [];
  for (const { field, content } of fields(bytes)) {
    if (field === podResources.name) pod = text(content);
    else if (field === podResources.namespace) namespace = text(content);
    else if (field === podResources.containers) containers.push(content);
  }
  const found: HeldDevice[] = [];
  for (const content of containers) addContainer(content, { namespace, pod }, wants, found);
  return found;
}

function addContainer(
  bytes: Buffer,
  owner: Pick<HeldDevice, 'namespace' | 'pod'>,
  wants: (resource: string) => boolean,
  found: HeldDevice[],
): void {
  let name = '';
  const devices: Buffer[] = [];
  const claims: Buffer[] = [];
  for (const { field, content } of fields(bytes)) {
    if (field === container.name) name = text(content);
    else if (field === container.devices) devices.push(content);
    else if (field === container.dynamicResources) claims.push(content);
  }
  const holder = { ...owner, container: name };
  for (const content of devices) addDevices(content, holder, wants, found);
  for (const content of claims) addClaim(content, holder, wants, found);
}

function addDevices(
  bytes: Buffer,
  holder: Holder,
  wants: (resource: string) => boolean,
  found: HeldDevice[],
): void {
  let resource = '';
  const deviceIds: string[] = [];
  for (const { field, content } of fields(bytes)) {
    if (field === containerDevices.resourceName) resource = text(content);
    else if (field === containerDevices.deviceIds) deviceIds.push(text(content));
  }
  if (!wants(resource)) return;
  for (const deviceId of deviceIds) found.push({ ...holder, resource, deviceId });
}

function addClaim(
  bytes: Buffer,
  holder: Holder,
  wants: (resource: string) => boolean,
  found: HeldDevice[],
): void {
  let name = '';
  const resources: Buffer[] = [];
  for (const { field, content } of fields(bytes)) {
    if (field === dynamicResource.claimName) name = text(content);
    else if (field === dynamicResource.claimResources) resources.push(content);
  }
  for (const content of resources) {
    const { driver, deviceId, cdiNames } = claimed(content);
    if (wants(driver)) {
      found.push({ ...holder, resource: driver, deviceId, claim: { name, cdiNames } });
    }
  }
}

function claimed(bytes: Buffer): { driver: string; deviceId: string; cdiNames: string[] } {
  let driver = '';
  let deviceId = '';
  const cdiNames: string[] = [];
  for (const { field, content } of fields(bytes)) {
    if (field === claimResource.driverName) driver = text(content);
    else if (field === claimResource.deviceName) deviceId = text(content);
    else if (field === claimResource.cdiDevices) {
      for (const inner of fields(content)) {
        if (inner.field === cdiDevice.name) cdiNames.push(text(inner.content));
      }
    }
  }
  return { driver, deviceId, cdiNames };
}

function* fields(bytes: Buffer): Generator<{ readonly field: number; readonly content: Buffer }> {
  const reader = new MessageReader(bytes);
  for (let found = reader.next(); found !== null; found = reader.next()) yield found;
}

function text(content: Buffer): string {
  return content.toString('utf8');
}
