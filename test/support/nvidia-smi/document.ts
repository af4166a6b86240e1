/** What a test says about a GPU; everything has a plausible default. Values are bodies as nvidia-smi prints them. */
export interface FakeGpu {
  readonly uuid?: string;
  readonly name?: string;
  readonly busId?: string;
  readonly util?: string;
  readonly memUtil?: string;
  readonly memUsed?: string;
  readonly memTotal?: string;
  readonly power?: string;
  readonly temperature?: string;
  readonly processes?: readonly { pid: number; name: string; memory: string; type?: string }[];
}

/** An XML document as of `nvidia-smi -q -x` (document type v12), written from the names of its elements. */
export function fakeDocument(gpus: readonly FakeGpu[]): string {
  return `<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
  <timestamp>Sat Nov 21 10:00:00 2026</timestamp>
  <driver_version>570.10.01</driver_version>
  <cuda_version>12.8</cuda_version>
  <attached_gpus>${gpus.length}</attached_gpus>
${gpus.map((gpu, index) => fakeGpu(gpu, index)).join('\n')}
</nvidia_smi_log>
`;
}

function fakeGpu(gpu: FakeGpu, index: number): string {
  const busId = gpu.busId ?? fakeBusId(index);
  const processes = (gpu.processes ?? []).map(
    ({ pid, name, memory, type }) =>
      `<process_info><pid>${pid}</pid><type>${type ?? 'C'}</type><process_name>${name}</process_name><used_memory>${memory}</used_memory></process_info>`,
  );
  return `  <gpu id="${busId}">
    <product_name>${gpu.name ?? 'Example GPU'}</product_name>
    <uuid>${gpu.uuid ?? fakeUuid(index)}</uuid>
    <minor_number>${index}</minor_number>
    <pci><pci_bus_id>${busId}</pci_bus_id></pci>
    <fb_memory_usage>
      <total>${gpu.memTotal ?? '16384 MiB'}</total>
      <used>${gpu.memUsed ?? '1024 MiB'}</used>
      <free>15000 MiB</free>
    </fb_memory_usage>
    <utilization>
      <gpu_util>${gpu.util ?? '50 %'}</gpu_util>
      <memory_util>${gpu.memUtil ?? '20 %'}</memory_util>
    </utilization>
    <temperature><gpu_temp>${gpu.temperature ?? '50 C'}</gpu_temp></temperature>
    <gpu_power_readings>
      <power_draw>${gpu.power ?? '120.50 W'}</power_draw>
      <current_power_limit>300.00 W</current_power_limit>
    </gpu_power_readings>
    <processes>${processes.join('')}</processes>
  </gpu>`;
}

export function fakeUuid(index: number): string {
  return `GPU-00000000-0000-4000-8000-${index.toString().padStart(12, '0')}`;
}

export function fakeBusId(index: number): string {
  return `00000000:${(index + 1).toString(16).padStart(2, '0').toUpperCase()}:00.0`;
}

/** An answer of `--query-gpu=index,uuid,name,pci.bus_id,… --format=csv` for whole GPUs. */
export function fakeCsv(indices: readonly number[], between = ''): string {
  const rows = indices.map(
    (index) =>
      `${index}, ${fakeUuid(index)}, Example GPU, ${fakeBusId(index)}, 41 %, 1024 MiB, 16384 MiB, 99.50 W`,
  );
  return [
    'index, uuid, name, pci.bus_id, utilization.gpu [%], memory.used [MiB], memory.total [MiB], power.draw [W]',
    ...(between === '' ? rows : rows.flatMap((row) => [row, between])),
    '',
  ].join('\n');
}
