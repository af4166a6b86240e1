import type { ReadingName } from '../../gpu/source.ts';
import { perGpu, type DeviceFamily, type Value } from '../family.ts';
import { ratioOf, rounded } from '../number.ts';

interface ReadingFamily {
  readonly reading: ReadingName;
  readonly name: string;
  readonly unit: string;
  readonly help: string;
  readonly counter?: true;
  readonly convert?: (value: number) => Value;
  /** Where it is also a fact of the device: used while there is no reading. */
  readonly fact?: 'memoryTotalBytes' | 'powerLimitWatts';
}

/** One family per reading of the driver. */
const table: readonly ReadingFamily[] = [
  {
    reading: 'utilPercent',
    name: 'gpu_utilization_ratio',
    unit: 'ratio',
    help: 'Share of time in which a kernel ran, newest sample.',
    convert: ratioOf,
  },
  {
    reading: 'memCopyPercent',
    name: 'gpu_memory_copy_utilization_ratio',
    unit: 'ratio',
    help: 'Share of time in which device memory was read or written, newest sample.',
    convert: ratioOf,
  },
  {
    reading: 'encoderPercent',
    name: 'gpu_encoder_utilization_ratio',
    unit: 'ratio',
    help: 'Share of time in which the video encoder was busy.',
    convert: ratioOf,
  },
  {
    reading: 'decoderPercent',
    name: 'gpu_decoder_utilization_ratio',
    unit: 'ratio',
    help: 'Share of time in which the video decoder was busy.',
    convert: ratioOf,
  },
  {
    reading: 'memoryUsedBytes',
    name: 'gpu_memory_used_bytes',
    unit: 'bytes',
    help: 'Device memory in use; of a GPU that shares the memory of the system, what its processes hold.',
  },
  {
    reading: 'memoryFreeBytes',
    name: 'gpu_memory_free_bytes',
    unit: 'bytes',
    help: 'Device memory that can be allocated.',
  },
  {
    reading: 'memoryReservedBytes',
    name: 'gpu_memory_reserved_bytes',
    unit: 'bytes',
    help: 'Device memory kept by the driver and the firmware.',
  },
  {
    reading: 'memoryTotalBytes',
    name: 'gpu_memory_total_bytes',
    unit: 'bytes',
    help: 'Device memory installed.',
    fact: 'memoryTotalBytes',
  },
  {
    reading: 'systemMemoryTotalBytes',
    name: 'gpu_system_memory_total_bytes',
    unit: 'bytes',
    help: 'Memory of the system, which this GPU shares (gpu_info then says that its memory is unified).',
  },
  {
    reading: 'systemMemoryAvailableBytes',
    name: 'gpu_system_memory_available_bytes',
    unit: 'bytes',
    help: 'Memory of the system that could be allocated, by the processor or this GPU, which shares it.',
  },
  {
    reading: 'systemMemoryUsedBytes',
    name: 'gpu_system_memory_used_bytes',
    unit: 'bytes',
    help: 'Memory of the system in use, by the processor or this GPU, which shares it.',
  },
  {
    reading: 'powerWatts',
    name: 'gpu_power_watts',
    unit: 'watts',
    help: 'Power drawn.',
    convert: rounded,
  },
  {
    reading: 'powerLimitWatts',
    name: 'gpu_power_limit_watts',
    unit: 'watts',
    help: 'Power limit in force.',
    convert: rounded,
    fact: 'powerLimitWatts',
  },
  {
    reading: 'energyJoules',
    name: 'gpu_energy_joules_total',
    unit: 'joules',
    help: 'Energy used since the driver was loaded. Its rate is the exact mean power.',
    counter: true,
    convert: rounded,
  },
  {
    reading: 'temperatureCelsius',
    name: 'gpu_temperature_celsius',
    unit: 'celsius',
    help: 'Temperature of the GPU.',
  },
  {
    reading: 'memoryTemperatureCelsius',
    name: 'gpu_memory_temperature_celsius',
    unit: 'celsius',
    help: 'Temperature of the device memory.',
  },
  {
    reading: 'fanPercent',
    name: 'gpu_fan_speed_ratio',
    unit: 'ratio',
    help: 'Fan speed as a share of its maximum; the largest of several fans.',
    convert: ratioOf,
  },
  {
    reading: 'smClockHertz',
    name: 'gpu_sm_clock_hertz',
    unit: 'hertz',
    help: 'Clock of the streaming multiprocessors.',
  },
  {
    reading: 'memoryClockHertz',
    name: 'gpu_memory_clock_hertz',
    unit: 'hertz',
    help: 'Clock of the device memory.',
  },
  {
    reading: 'graphicsClockHertz',
    name: 'gpu_graphics_clock_hertz',
    unit: 'hertz',
    help: 'Clock of the graphics engine.',
  },
  {
    reading: 'videoClockHertz',
    name: 'gpu_video_clock_hertz',
    unit: 'hertz',
    help: 'Clock of the video engines.',
  },
  {
    reading: 'performanceState',
    name: 'gpu_performance_state',
    unit: '',
    help: 'Performance state P0 (highest) to P15, as its number.',
  },
  {
    reading: 'pcieGeneration',
    name: 'gpu_pcie_generation',
    unit: '',
    help: 'PCIe generation in use; the link steps down when idle.',
  },
  {
    reading: 'pcieWidth',
    name: 'gpu_pcie_width_lanes',
    unit: 'lanes',
    help: 'PCIe lanes in use.',
  },
  {
    reading: 'pcieReplayCount',
    name: 'gpu_pcie_replays_total',
    unit: '',
    help: 'PCIe packets sent again.',
    counter: true,
  },
  {
    reading: 'processCount',
    name: 'gpu_processes',
    unit: '',
    help: 'Processes that hold the GPU.',
  },
];

export const readingFamilies: readonly DeviceFamily[] = table.map((family) =>
  perGpu({
    name: family.name,
    type: family.counter ? 'counter' : 'gauge',
    help: family.help,
    unit: family.unit,
    value: ({ readings, device }) => {
      const value =
        readings[family.reading] ?? (family.fact === undefined ? undefined : device[family.fact]);
      return value === undefined || family.convert === undefined ? value : family.convert(value);
    },
  }),
);

/** Which family shows a reading. */
export const familyOfReading = Object.fromEntries(
  table.map(({ reading, name }) => [reading, name]),
) as Readonly<Record<ReadingName, string>>;
