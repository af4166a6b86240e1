import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { normaliseBusId } from './nvidia-smi/failure.ts';

export interface PciPlaces {
  /** Default /proc. */
  readonly procRoot: string;
  /** Default /sys. */
  readonly sysRoot: string;
}

const nvidiaVendor = '0x10de';
/** VGA and 3D controllers (base class 03 of the PCI class code). */
const displayClass = /^0x030[02]/;

/**
 * PCI addresses of the NVIDIA GPUs of this machine, without asking the driver: from what it shows in procfs, which in a container are those
 * that the container may use, else from sysfs. Empty where neither can be read.
 */
export async function nvidiaPciAddresses({ procRoot, sysRoot }: PciPlaces): Promise<string[]> {
  const shown = await entriesOf(join(procRoot, 'driver/nvidia/gpus'));
  if (shown.length > 0) return shown.map(normaliseBusId).sort();
  return (await onPciBus(sysRoot)) ?? [];
}

/**
 * Whether this node surely has no NVIDIA GPU: the system shows its PCI devices, none is one, and it is neither a Jetson, whose GPU is on no such
 * bus, nor WSL, where the GPU belongs to Windows. False where that cannot be told.
 */
export async function surelyHasNoGpu({ procRoot, sysRoot }: PciPlaces): Promise<boolean> {
  const onBus = await onPciBus(sysRoot);
  if (onBus === undefined || onBus.length > 0) return false;
  if ((await entriesOf(join(procRoot, 'driver/nvidia'))).length > 0) return false;
  const board = await textOf(join(procRoot, 'device-tree/compatible'));
  const kernel = await textOf(join(procRoot, 'version'));
  return !board.includes('nvidia,tegra') && !/microsoft/i.test(kernel);
}

/** Undefined: the system does not show its PCI devices. */
async function onPciBus(sysRoot: string): Promise<string[] | undefined> {
  const devices = join(sysRoot, 'bus/pci/devices');
  const addresses = await readdir(devices).catch(() => undefined);
  if (addresses === undefined) return undefined;
  const found: string[] = [];
  for (const address of addresses) {
    const vendor = await textOf(join(devices, address, 'vendor'));
    if (vendor !== nvidiaVendor) continue;
    if (displayClass.test(await textOf(join(devices, address, 'class')))) found.push(address);
  }
  return found.map(normaliseBusId).sort();
}

async function entriesOf(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

async function textOf(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trim();
}
