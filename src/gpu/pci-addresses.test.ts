import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nvidiaPciAddresses, surelyHasNoGpu } from './pci-addresses.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pci-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const device = (address: string, vendor: string, deviceClass: string): void => {
  write(`bus/pci/devices/${address}/vendor`, `${vendor}\n`);
  write(`bus/pci/devices/${address}/class`, `${deviceClass}\n`);
};
const places = (): { procRoot: string; sysRoot: string } => ({ procRoot: root, sysRoot: root });

describe('gpu/pci-addresses', () => {
  it('finds display and compute controllers of NVIDIA alone', async () => {
    device('0000:0b:00.0', '0x10de', '0x030200');
    device('0000:01:00.0', '0x10de', '0x030000');
    device('0000:01:00.1', '0x10de', '0x040300');
    device('0000:00:02.0', '0x8086', '0x030000');

    expect(await nvidiaPciAddresses(places())).toEqual(['00000000:01:00.0', '00000000:0B:00.0']);
    expect(await surelyHasNoGpu(places())).toBe(false);
  });

  it('prefers what the driver shows, which in a container is what it may use', async () => {
    device('0000:01:00.0', '0x10de', '0x030200');
    write('driver/nvidia/gpus/0000:02:00.0/information', '');

    expect(await nvidiaPciAddresses(places())).toEqual(['00000000:02:00.0']);
  });

  it.each([
    ['other devices alone', {}, true],
    ['a driver that is loaded', { 'driver/nvidia/version': 'x' }, false],
    ['a Jetson', { 'device-tree/compatible': 'nvidia,p3701\0nvidia,tegra234\0' }, false],
    ['WSL', { version: 'Linux version 6.6.87.2-microsoft-standard-WSL2' }, false],
    ['any other kernel', { version: 'Linux version 6.8.0' }, true],
  ])('with %s it is sure of no GPU: %j → %s', async (_, files, sure) => {
    device('0000:00:02.0', '0x8086', '0x030000');
    for (const [path, text] of Object.entries(files)) write(path, text);

    expect(await surelyHasNoGpu(places())).toBe(sure);
  });

  it('is sure of nothing where devices are not shown', async () => {
    expect(await surelyHasNoGpu(places())).toBe(false);
    expect(await nvidiaPciAddresses(places())).toEqual([]);
  });
});
