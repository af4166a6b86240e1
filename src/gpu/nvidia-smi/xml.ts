import { standInUuid, unknownModel, type GpuProcess, type ReadingName } from '../source.ts';
import { attributeOf, childrenOf, parseDocument, textAt } from './document.ts';
import type { XmlNode } from './document.ts';
import { createDevice, sortFields } from './gpu-record.ts';
import type { GpuRecord } from './gpu-record.ts';
import { readField, readText } from './quantity.ts';
import type { Field, QuantityName } from './quantity.ts';
import { withUnifiedMemory } from './unified.ts';

interface FieldPlaces {
  readonly name: ReadingName;
  readonly quantity: QuantityName;
  /** Paths under <gpu>, over the document types v9 to v13: the first with a number counts. */
  readonly paths: readonly string[];
}

/** A plain average over a second comes before an instant, which is what the driver library's power reading is as well. */
const places: readonly FieldPlaces[] = [
  { name: 'utilPercent', quantity: 'percent', paths: ['utilization/gpu_util'] },
  { name: 'memCopyPercent', quantity: 'percent', paths: ['utilization/memory_util'] },
  { name: 'encoderPercent', quantity: 'percent', paths: ['utilization/encoder_util'] },
  { name: 'decoderPercent', quantity: 'percent', paths: ['utilization/decoder_util'] },
  { name: 'memoryUsedBytes', quantity: 'memory', paths: ['fb_memory_usage/used'] },
  { name: 'memoryFreeBytes', quantity: 'memory', paths: ['fb_memory_usage/free'] },
  { name: 'memoryReservedBytes', quantity: 'memory', paths: ['fb_memory_usage/reserved'] },
  { name: 'memoryTotalBytes', quantity: 'memory', paths: ['fb_memory_usage/total'] },
  {
    name: 'powerWatts',
    quantity: 'power',
    paths: [
      'gpu_power_readings/power_draw',
      'gpu_power_readings/average_power_draw',
      'gpu_power_readings/instant_power_draw',
      'power_readings/power_draw',
    ],
  },
  {
    name: 'powerLimitWatts',
    quantity: 'power',
    paths: [
      'gpu_power_readings/current_power_limit',
      'power_readings/enforced_power_limit',
      'power_readings/power_limit',
    ],
  },
  { name: 'temperatureCelsius', quantity: 'temperature', paths: ['temperature/gpu_temp'] },
  { name: 'memoryTemperatureCelsius', quantity: 'temperature', paths: ['temperature/memory_temp'] },
  { name: 'fanPercent', quantity: 'fan', paths: ['fan_speed'] },
  { name: 'smClockHertz', quantity: 'clock', paths: ['clocks/sm_clock'] },
  { name: 'memoryClockHertz', quantity: 'clock', paths: ['clocks/mem_clock'] },
  { name: 'graphicsClockHertz', quantity: 'clock', paths: ['clocks/graphics_clock'] },
  { name: 'videoClockHertz', quantity: 'clock', paths: ['clocks/video_clock'] },
  { name: 'performanceState', quantity: 'performanceState', paths: ['performance_state'] },
  {
    name: 'pcieGeneration',
    quantity: 'generation',
    paths: ['pci/pci_gpu_link_info/pcie_gen/current_link_gen'],
  },
  {
    name: 'pcieWidth',
    quantity: 'width',
    paths: ['pci/pci_gpu_link_info/link_widths/current_link_width'],
  },
  { name: 'pcieReplayCount', quantity: 'count', paths: ['pci/replay_counter'] },
];

/**
 * The GPUs of a document of `nvidia-smi -q -x`, in its order (the driver's, by PCI address; not the order of minor numbers).
 * @throws {SourceError} `bad_output`
 */
export async function parseXml(output: string): Promise<GpuRecord[]> {
  return recordsOf(await parseDocument(output));
}

/** The GPUs of a parsed document, or of another form that has been brought into its shape. */
export function recordsOf(root: XmlNode): GpuRecord[] {
  const driverVersion = readText(textAt(root, ['driver_version']));
  const cudaVersion = readText(textAt(root, ['cuda_version']));
  return childrenOf(root, 'gpu').map((gpu, index) => {
    const fields = fieldsOf(gpu);
    const processes = processesOf(gpu);
    fields.set('processCount', countField(gpu, processes));
    fields.set('energyJoules', { kind: 'missing', reason: 'not_available' });
    const uuid = readText(textAt(gpu, ['uuid']));
    const pciBusId = readText(textAt(gpu, ['pci', 'pci_bus_id']) ?? attributeOf(gpu, 'id'));
    return withUnifiedMemory({
      device: createDevice(
        {
          index,
          uuid: uuid ?? standInUuid(pciBusId ?? index),
          model: readText(textAt(gpu, ['product_name'])) ?? unknownModel,
        },
        {
          pciBusId,
          driverVersion,
          cudaVersion,
          ...factsOf(gpu),
        },
      ),
      identified: uuid !== undefined,
      ...sortFields(fields),
      ...(processes && { processes }),
    });
  });
}

/** Documents of all types print units. */
function readWithUnit(text: string | undefined, quantity: QuantityName): Field {
  return readField(text, quantity, { unit: 'required' });
}

function fieldsOf(gpu: XmlNode): Map<ReadingName, Field> {
  return new Map(
    places.map(({ name, quantity, paths }) => {
      const found = paths.map((path) => readWithUnit(textAt(gpu, path.split('/')), quantity));
      const best =
        found.find((field) => field.kind === 'down') ??
        found.find((field) => field.kind === 'value') ??
        found.find((field) => field.kind === 'missing' && field.reason !== 'not_available') ??
        found[0];
      return [name, best ?? { kind: 'missing', reason: 'not_available' }];
    }),
  );
}

function factsOf(gpu: XmlNode): Parameters<typeof createDevice>[1] {
  const number = (path: string, quantity: QuantityName): number | undefined => {
    const field = readWithUnit(textAt(gpu, path.split('/')), quantity);
    return field.kind === 'value' ? field.value : undefined;
  };
  const mig = textAt(gpu, ['mig_mode', 'current_mig']);
  return {
    minorNumber: number('minor_number', 'count'),
    serial: readText(textAt(gpu, ['serial'])),
    vbiosVersion: readText(textAt(gpu, ['vbios_version'])),
    memoryTotalBytes: number('fb_memory_usage/total', 'memory'),
    pcieGenerationMax: number('pci/pci_gpu_link_info/pcie_gen/max_link_gen', 'generation'),
    pcieWidthMax: number('pci/pci_gpu_link_info/link_widths/max_link_width', 'width'),
    powerLimitWatts:
      number('gpu_power_readings/current_power_limit', 'power') ??
      number('power_readings/enforced_power_limit', 'power'),
    migEnabled: mig === 'Enabled' ? true : mig === 'Disabled' ? false : undefined,
  };
}

const kinds: Readonly<Record<string, GpuProcess['kind']>> = {
  C: 'compute',
  G: 'graphics',
  'C+G': 'both',
};

/** Undefined: the document does not say (N/A), which is not "none". */
function processesOf(gpu: XmlNode): GpuProcess[] | undefined {
  const container = childrenOf(gpu, 'processes')[0];
  if (container === undefined) return undefined;
  if (typeof container === 'string') {
    return /^(none)?$/i.test(container.trim()) ? [] : undefined;
  }
  return childrenOf(container, 'process_info').flatMap((entry) => {
    const pid = readField(textAt(entry, ['pid']), 'count');
    if (pid.kind !== 'value') return [];
    const name = readText(textAt(entry, ['process_name']));
    const memory = readWithUnit(textAt(entry, ['used_memory']), 'memory');
    return [
      {
        pid: pid.value,
        kind: kinds[textAt(entry, ['type'])?.trim() ?? ''] ?? 'unknown',
        ...(name !== undefined && { name }),
        ...(memory.kind === 'value' && { usedMemoryBytes: memory.value }),
      },
    ];
  });
}

/** A process with a part in several MIG instances is listed once per instance. */
function countField(gpu: XmlNode, processes: readonly GpuProcess[] | undefined): Field {
  if (processes === undefined) return readField(textAt(gpu, ['processes']) ?? 'N/A', 'count');
  return { kind: 'value', value: new Set(processes.map(({ pid }) => pid)).size };
}
