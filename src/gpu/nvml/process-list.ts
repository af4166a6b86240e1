import type { GpuProcess, MissingReason } from '../source.ts';
import type { FunctionName } from './declarations.ts';
import type { DeviceCalls } from './device-calls.ts';
import { codes, missingReasonOf } from './return-codes.ts';
import { readU64 } from './sample-ring.ts';

type ListKind = 'Compute' | 'Graphics';
type Row = readonly [pid: number, usedBytes: number | undefined];

const maxRows = 4096;

/**
 * Which function lists processes and how long its rows are: `_v3` and `_v2` have 24 bytes, the unversioned one 16. Some 535 drivers give 32
 * bytes from `_v3`; they are the ones that have ConfComputeMemSizeInfo but not yet RunningProcessDetailList. All rows begin alike: 32-bit
 * process id, four bytes of padding, 64-bit memory in bytes.
 */
export function listLayout(
  has: (name: FunctionName) => boolean,
  kind: ListKind,
): { name: FunctionName; rowBytes: number } {
  const base = `nvmlDeviceGet${kind}RunningProcesses` as const;
  if (has(`${base}_v3`)) {
    const isOdd535 =
      has('nvmlDeviceGetConfComputeMemSizeInfo') && !has('nvmlDeviceGetRunningProcessDetailList');
    return { name: `${base}_v3`, rowBytes: isOdd535 ? 32 : 24 };
  }
  return has(`${base}_v2`) ? { name: `${base}_v2`, rowBytes: 24 } : { name: base, rowBytes: 16 };
}

/** Processes of one GPU, each once; a reason where the driver does not tell. One list that fails takes nothing from the other. */
export async function readProcesses(
  calls: DeviceCalls,
): Promise<readonly GpuProcess[] | MissingReason> {
  const compute = await readList(calls, 'Compute');
  const graphics = await readList(calls, 'Graphics');
  if (typeof compute === 'string') return compute;
  const byPid = new Map<number, GpuProcess>();
  for (const [pid, usedBytes] of compute) byPid.set(pid, processOf(pid, 'compute', usedBytes));
  if (typeof graphics !== 'string') {
    for (const [pid, usedBytes] of graphics) {
      const known = byPid.get(pid);
      // Both lists give the process's whole memory.
      const kind = known === undefined ? 'graphics' : 'both';
      byPid.set(pid, processOf(pid, kind, known?.usedMemoryBytes ?? usedBytes));
    }
  }
  return [...byPid.values()].toSorted((a, b) => a.pid - b.pid);
}

async function readList(calls: DeviceCalls, kind: ListKind): Promise<Row[] | MissingReason> {
  const known = calls.device.lacking.get(kind);
  if (known !== undefined) return known;
  const { name, rowBytes } = listLayout((other) => calls.has(other), kind);
  let capacity = 64;
  for (;;) {
    const count = Buffer.alloc(4);
    count.writeUInt32LE(capacity);
    const rows = Buffer.alloc(capacity * rowBytes);
    const code = await calls.call(name, count, rows);
    const found = count.readUInt32LE();
    if (code === codes.insufficientSize && found > capacity && found <= maxRows) {
      // Some room, for more may have started in between.
      capacity = found + 16;
      continue;
    }
    if (code === codes.ok) return decodeRows(rows, Math.min(found, capacity), rowBytes);
    const reason = missingReasonOf(code);
    if (reason === 'not_supported' || reason === 'function_not_found') {
      calls.device.lacking.set(kind, reason);
    }
    return reason;
  }
}

function decodeRows(rows: Buffer, count: number, rowBytes: number): Row[] {
  const decoded: Row[] = [];
  for (let row = 0; row < count; row += 1) {
    const pid = rows.readUInt32LE(row * rowBytes);
    const usedBytes = readU64(rows, row * rowBytes + 8);
    // All ones: the driver does not know (and no other number above 2^53 is a size).
    if (pid !== 0) {
      decoded.push([pid, Number.isSafeInteger(usedBytes) ? usedBytes : undefined]);
    }
  }
  return decoded;
}

function processOf(
  pid: number,
  kind: GpuProcess['kind'],
  usedBytes: number | undefined,
): GpuProcess {
  return { pid, kind, ...(usedBytes !== undefined && { usedMemoryBytes: usedBytes }) };
}
