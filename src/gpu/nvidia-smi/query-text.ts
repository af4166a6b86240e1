import { recordsOf } from './xml.ts';
import type { GpuRecord } from './gpu-record.ts';

/** Headings of `nvidia-smi -q` → element paths of `nvidia-smi -q -x`; heading paths in lower case, as spelling varies. */
const elements: Readonly<Record<string, string>> = {
  'product name': 'product_name',
  'gpu uuid': 'uuid',
  'minor number': 'minor_number',
  'serial number': 'serial',
  'vbios version': 'vbios_version',
  'mig mode/current': 'mig_mode/current_mig',
  'pci/bus id': 'pci/pci_bus_id',
  'pci/gpu link info/pcie generation/max': 'pci/pci_gpu_link_info/pcie_gen/max_link_gen',
  'pci/gpu link info/pcie generation/current': 'pci/pci_gpu_link_info/pcie_gen/current_link_gen',
  'pci/gpu link info/link width/max': 'pci/pci_gpu_link_info/link_widths/max_link_width',
  'pci/gpu link info/link width/current': 'pci/pci_gpu_link_info/link_widths/current_link_width',
  'pci/replays since reset': 'pci/replay_counter',
  'fan speed': 'fan_speed',
  'performance state': 'performance_state',
  'fb memory usage/total': 'fb_memory_usage/total',
  'fb memory usage/reserved': 'fb_memory_usage/reserved',
  'fb memory usage/used': 'fb_memory_usage/used',
  'fb memory usage/free': 'fb_memory_usage/free',
  'utilization/gpu': 'utilization/gpu_util',
  'utilization/memory': 'utilization/memory_util',
  'utilization/encoder': 'utilization/encoder_util',
  'utilization/decoder': 'utilization/decoder_util',
  'temperature/gpu current temp': 'temperature/gpu_temp',
  'temperature/memory current temp': 'temperature/memory_temp',
  'gpu power readings/power draw': 'gpu_power_readings/power_draw',
  'gpu power readings/average power draw': 'gpu_power_readings/average_power_draw',
  'gpu power readings/instantaneous power draw': 'gpu_power_readings/instant_power_draw',
  'gpu power readings/current power limit': 'gpu_power_readings/current_power_limit',
  'power readings/power draw': 'power_readings/power_draw',
  'power readings/enforced power limit': 'power_readings/enforced_power_limit',
  'clocks/graphics': 'clocks/graphics_clock',
  'clocks/sm': 'clocks/sm_clock',
  'clocks/memory': 'clocks/mem_clock',
  'clocks/video': 'clocks/video_clock',
  processes: 'processes',
  'processes/process id': 'pid',
  'processes/process id/type': 'type',
  'processes/process id/name': 'process_name',
  'processes/process id/used gpu memory': 'used_memory',
};

type Branch = Record<string, unknown>;

/** Whether an output is the indented text of `nvidia-smi -q`. */
export function isQueryText(output: string): boolean {
  return /=NVSMI LOG=/.test(output) && /^GPU [0-9A-Fa-f:.]+\s*$/m.test(output);
}

/** The GPUs of the text of `nvidia-smi -q`: for recordings; live, the XML is read. A last line without its end does not count. */
export function parseQueryText(output: string): GpuRecord[] {
  const root: Branch & { gpu: Branch[] } = { gpu: [] };
  let headings: string[] = [];
  for (const line of wholeLines(output)) {
    const gpu = /^GPU ([0-9A-Fa-f:.]+)\s*$/.exec(line);
    if (gpu) {
      root.gpu.push({ $: { id: gpu[1] } });
      continue;
    }
    const body = line.trimStart();
    if (body === '') continue;
    const { key, value } = keyAndValue(body);
    const level = Math.floor((line.length - body.length) / 4);
    headings = [...headings.slice(0, level), key.toLowerCase()];
    const branch = root.gpu.at(-1);
    if (branch) setField(branch, headings.slice(1), value);
    else if (key === 'Driver Version') root['driver_version'] = value;
    else if (key === 'CUDA Version') root['cuda_version'] = value;
  }
  return recordsOf(root);
}

/** `GPU UUID : GPU-1`; a colon inside a word belongs to it. Value undefined: a heading. */
function keyAndValue(body: string): { key: string; value: string | undefined } {
  const colon = body.search(/(?<!^):(?:\s|$)/);
  if (colon < 0) return { key: body, value: undefined };
  const rest = body.slice(colon + 1);
  return { key: body.slice(0, colon).trimEnd(), value: rest === '' ? undefined : rest.trimStart() };
}

/** The lines that have their end; the last one without it may have been cut anywhere. */
function wholeLines(output: string): string[] {
  return output.split(/\r?\n/).slice(0, -1);
}

function setField(gpu: Branch, headings: readonly string[], value: string | undefined): void {
  const heading = headings.join('/');
  const element = Object.hasOwn(elements, heading) ? elements[heading] : undefined;
  if (element === undefined) {
    setCollapsed(gpu, heading, value);
    return;
  }
  if (heading === 'processes') gpu['processes'] = value ?? { process_info: [] };
  else if (heading.startsWith('processes/')) setProcessField(gpu, element, value);
  else if (value !== undefined) setAt(gpu, element.split('/'), value);
}

/** A section that is only a text, as of a lost GPU: the text stands for all that would be in it. */
function setCollapsed(gpu: Branch, heading: string, value: string | undefined): void {
  if (value === undefined || heading === '' || heading.includes('/')) return;
  const inside = Object.keys(elements).find((known) => known.startsWith(`${heading}/`));
  const [container] = (inside === undefined ? undefined : elements[inside])?.split('/') ?? [];
  if (container !== undefined) gpu[container] = value;
}

function setProcessField(gpu: Branch, element: string, value: string | undefined): void {
  const processes = gpu['processes'];
  if (typeof processes !== 'object' || processes === null) return;
  const list = (processes as { process_info: Branch[] }).process_info;
  if (element === 'pid') list.push({});
  const last = list.at(-1);
  if (last) last[element] = value ?? '';
}

function setAt(branch: Branch, path: readonly string[], value: string): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    branch[name] = value;
    return;
  }
  branch[name] ??= {};
  const next = branch[name];
  if (typeof next === 'object' && next !== null) setAt(next as Branch, rest, value);
}
