import type { ReadingName, Readings } from '../../gpu/source.ts';
import type { DeviceFamily } from '../family.ts';

const bytesPerMiB = 1024 * 1024;
const hertzPerMegahertz = 1e6;

interface DcgmField {
  readonly name: string;
  readonly reading: ReadingName;
  readonly unit: string;
  readonly help: string;
  readonly counter?: true;
  /** The reading divided by this is the value. */
  readonly divisor?: number;
}

/** The default metrics of dcgm-exporter for which we have a reading, in its units. */
const fields: readonly DcgmField[] = [
  {
    name: 'DCGM_FI_DEV_SM_CLOCK',
    reading: 'smClockHertz',
    unit: 'MHz',
    divisor: hertzPerMegahertz,
    help: 'SM clock, MHz.',
  },
  {
    name: 'DCGM_FI_DEV_MEM_CLOCK',
    reading: 'memoryClockHertz',
    unit: 'MHz',
    divisor: hertzPerMegahertz,
    help: 'Memory clock, MHz.',
  },
  {
    name: 'DCGM_FI_DEV_MEMORY_TEMP',
    reading: 'memoryTemperatureCelsius',
    unit: 'C',
    help: 'Temperature of the memory, C.',
  },
  {
    name: 'DCGM_FI_DEV_GPU_TEMP',
    reading: 'temperatureCelsius',
    unit: 'C',
    help: 'Temperature of the GPU, C.',
  },
  {
    name: 'DCGM_FI_DEV_POWER_USAGE',
    reading: 'powerWatts',
    unit: 'W',
    help: 'Power drawn, W.',
  },
  {
    name: 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION',
    reading: 'energyJoules',
    unit: 'mJ',
    divisor: 1 / 1_000,
    counter: true,
    help: 'Energy since the driver was loaded, mJ.',
  },
  {
    name: 'DCGM_FI_DEV_PCIE_REPLAY_COUNTER',
    reading: 'pcieReplayCount',
    unit: '',
    counter: true,
    help: 'PCIe packets sent again.',
  },
  {
    name: 'DCGM_FI_DEV_GPU_UTIL',
    reading: 'utilPercent',
    unit: '%',
    help: 'GPU utilisation, percent.',
  },
  {
    name: 'DCGM_FI_DEV_MEM_COPY_UTIL',
    reading: 'memCopyPercent',
    unit: '%',
    help: 'Memory-copy utilisation, percent.',
  },
  {
    name: 'DCGM_FI_DEV_ENC_UTIL',
    reading: 'encoderPercent',
    unit: '%',
    help: 'Encoder utilisation, percent.',
  },
  {
    name: 'DCGM_FI_DEV_DEC_UTIL',
    reading: 'decoderPercent',
    unit: '%',
    help: 'Decoder utilisation, percent.',
  },
  {
    name: 'DCGM_FI_DEV_FB_FREE',
    reading: 'memoryFreeBytes',
    unit: 'MiB',
    divisor: bytesPerMiB,
    help: 'Framebuffer memory free, MiB.',
  },
  {
    name: 'DCGM_FI_DEV_FB_USED',
    reading: 'memoryUsedBytes',
    unit: 'MiB',
    divisor: bytesPerMiB,
    help: 'Framebuffer memory used, MiB.',
  },
  {
    name: 'DCGM_FI_DEV_FB_RESERVED',
    reading: 'memoryReservedBytes',
    unit: 'MiB',
    divisor: bytesPerMiB,
    help: 'Framebuffer memory reserved, MiB.',
  },
];

const labels = [
  'gpu',
  'UUID',
  'pci_bus_id',
  'device',
  'modelName',
  'Hostname',
  'DCGM_FI_DRIVER_VERSION',
] as const;

/** The same readings under the names, labels and units of dcgm-exporter, for dashboards and rules that exist already. */
export const dcgmFamilies: readonly DeviceFamily[] = fields.map((field) => ({
  name: field.name,
  type: field.counter ? 'counter' : 'gauge',
  help: field.help,
  labels,
  unit: field.unit,
  stability: 'stable',
  dialect: 'dcgm',
  absentWhen: 'not reported by the device',
  sample: (gpu, observation, into) => {
    const value = inUnit(gpu.readings, field);
    if (value !== undefined) {
      into.push({ value, sharedLabels: observation.labels.dcgm(gpu.device) });
    }
  },
}));

/** dcgm-exporter gives clocks, memory and energy as whole numbers, power with decimals. */
function inUnit(readings: Readings, field: DcgmField): number | undefined {
  const value = readings[field.reading];
  if (value === undefined) return undefined;
  return field.divisor === undefined
    ? Math.round(value * 1_000) / 1_000
    : Math.round(value / field.divisor);
}
