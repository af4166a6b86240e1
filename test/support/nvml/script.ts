import { renameSync, writeFileSync } from 'node:fs';

/** Values over time of the stand-in driver library; seconds since it was loaded. native/nvml/README.md says what each line means. */
export type Wave =
  | readonly ['constant', value: number]
  | readonly ['square', period: number, duty: number, low: number, high: number, start?: number]
  | readonly ['sine', period: number, low: number, high: number]
  | readonly ['noise', seed: number, low: number, high: number, step?: number]
  | readonly ['trace', file: string, column?: string];

export interface GpuScript {
  readonly model?: string;
  readonly uuid?: string;
  readonly memory_mib?: number;
  readonly reserved_mib?: number;
  readonly power_limit_watts?: number;
  readonly memory_clock_mhz?: number;
  readonly memory_celsius?: number;
  readonly energy?: 'off';
  readonly mig?: 'on';
  readonly migDevices?: readonly {
    readonly slot: number;
    readonly uuid: string;
    readonly gpuInstance: number;
  }[];
  /** `util off`, `all off`, `hertz 6`, `depth 120`, `quiet_when_idle on`. */
  readonly rings?: readonly string[];
  readonly util?: Wave;
  readonly memcopy?: Wave;
  /** MiB, beside what is reserved and what the processes use. */
  readonly memused?: Wave;
  readonly power?: Wave;
}

export type FaultScript = (
  | { readonly call: string; readonly code: number }
  | { readonly call: string; readonly hangSeconds: number }
  | { readonly lost: true }
) & {
  /** Absent: every GPU. */
  readonly gpu?: number;
  /** Seconds since the library was loaded. */
  readonly between?: readonly [from: number, to: number];
};

export interface StandinScript {
  readonly devices?: number;
  readonly driver?: string;
  readonly cuda?: number;
  readonly stamps?: 'boot';
  readonly process_row_bytes?: 24 | 32;
  /** A file that gets one line per function with how often it was called. */
  readonly counters?: string;
  /** For every GPU. */
  readonly all?: GpuScript;
  /** By index, after `all`. */
  readonly gpus?: Readonly<Record<number, GpuScript>>;
  readonly processes?: readonly {
    readonly gpu: number;
    readonly pid: number;
    /** Negative: the driver does not know. */
    readonly mib: number;
    readonly graphics?: boolean;
  }[];
  readonly faults?: readonly FaultScript[];
}

/** Replaces the script at once, as a whole; a running stand-in follows within 50 ms (at its next call). */
export function writeScript(path: string, script: StandinScript): void {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, scriptText(script));
  renameSync(draft, path);
}

export function scriptText(script: StandinScript): string {
  const { all, gpus = {}, processes = [], faults = [], ...settings } = script;
  const lines = Object.entries(settings).map(([key, value]) => `${key} ${value}`);
  if (all !== undefined) lines.push(...gpuLines('*', all));
  for (const [index, gpu] of Object.entries(gpus)) lines.push(...gpuLines(index, gpu));
  for (const { gpu, pid, mib, graphics = false } of processes) {
    lines.push(`process ${gpu} ${pid} ${mib} ${graphics ? 'graphics' : 'compute'}`);
  }
  lines.push(...faults.map((fault) => faultLine(fault)));
  return `${lines.join('\n')}\n`;
}

function gpuLines(
  target: string,
  { rings = [], migDevices = [], ...settings }: GpuScript,
): string[] {
  const lines = rings.map((ring) => `ring ${target} ${ring}`);
  for (const { slot, uuid, gpuInstance } of migDevices) {
    lines.push(`mig_device ${target} ${slot} ${uuid} ${gpuInstance}`);
  }
  for (const [key, value] of Object.entries(settings)) {
    lines.push(`${key} ${target} ${[value].flat().join(' ')}`);
  }
  return lines;
}

function faultLine(fault: FaultScript): string {
  const target = fault.gpu ?? '*';
  const between = fault.between === undefined ? '' : ` ${fault.between.join(' ')}`;
  if ('lost' in fault) return `lose ${target}${between}`;
  if ('code' in fault) return `code ${fault.call} ${target} ${fault.code}${between}`;
  return `hang ${fault.call} ${target} ${fault.hangSeconds}${between}`;
}
