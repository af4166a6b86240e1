import type { MigDevice } from '../source.ts';
import type { DeviceCalls } from './device-calls.ts';
import { codes } from './return-codes.ts';
import { readText } from './texts.ts';

/** Slots that are looked into at most; GPUs have seven, the bound is against a driver that says nonsense. */
const slotsMax = 64;

/**
 * The MIG devices of a GPU in MIG mode; undefined where the driver cannot tell them. They come and go while the GPU stays, so
 * their handles, which die with them, are never kept.
 */
export async function readMigDevices(
  calls: DeviceCalls,
): Promise<readonly MigDevice[] | undefined> {
  const slots = await number(calls, calls.device.handle, 'nvmlDeviceGetMaxMigDeviceCount');
  if (slots === undefined || !calls.has('nvmlDeviceGetMigDeviceHandleByIndex')) return undefined;
  const found: MigDevice[] = [];
  for (let slot = 0; slot < Math.min(slots, slotsMax); slot += 1) {
    const part = Buffer.alloc(8);
    // An empty slot answers "not found" or "invalid argument", depending on the driver.
    const code = await calls.call('nvmlDeviceGetMigDeviceHandleByIndex', slot, part);
    if (code !== codes.ok) continue;
    const handle = part.readBigUInt64LE();
    const uuid = Buffer.alloc(96);
    if ((await calls.callOn(handle, 'nvmlDeviceGetUUID', uuid, uuid.length)) !== codes.ok) continue;
    const gpuInstanceId = await number(calls, handle, 'nvmlDeviceGetGpuInstanceId');
    found.push({ uuid: readText(uuid), ...(gpuInstanceId !== undefined && { gpuInstanceId }) });
  }
  return found;
}

/** Fills in the MIG devices of a GPU anew. The facts stay the same object when nothing has changed. */
export async function renewMigDevices(calls: DeviceCalls): Promise<void> {
  const { device } = calls;
  if (device.facts.migEnabled !== true) return;
  const migDevices = await readMigDevices(calls);
  const { migDevices: known, ...others } = device.facts;
  if (JSON.stringify(migDevices) === JSON.stringify(known)) return;
  device.facts = { ...others, ...(migDevices !== undefined && { migDevices }) };
}

async function number(
  calls: DeviceCalls,
  handle: bigint,
  name: 'nvmlDeviceGetMaxMigDeviceCount' | 'nvmlDeviceGetGpuInstanceId',
): Promise<number | undefined> {
  const buffer = Buffer.alloc(4);
  return (await calls.callOn(handle, name, buffer)) === codes.ok
    ? buffer.readUInt32LE()
    : undefined;
}
