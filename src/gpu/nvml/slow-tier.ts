import { isSensorless } from '../reading-limits.ts';
import type { ReadingName } from '../source.ts';
import type { FunctionName } from './declarations.ts';
import type { DeviceCalls } from './device-calls.ts';
import { codes, missingReasonOf } from './return-codes.ts';
import { readProcesses } from './process-list.ts';
import { readValue } from './sample-ring.ts';
import type { UpdateDraft } from './update-draft.ts';

interface NumberReading {
  readonly reading: ReadingName;
  readonly name: FunctionName;
  /** Sensor or clock number, where the function takes one. */
  readonly selector?: number;
  /** The function gives a second number (a sampling period) that is not needed. */
  readonly hasSecond?: true;
  /** Ours = driver's x numerator / denominator. */
  readonly numerator?: number;
  readonly denominator?: number;
}

const megahertz = { numerator: 1_000_000 } as const;

/** Readings that are one unsigned number each. Clock numbers (nvmlClockType_t): 0 graphics, 1 SM, 2 memory, 3 video. */
const numberReadings: readonly NumberReading[] = [
  { reading: 'temperatureCelsius', name: 'nvmlDeviceGetTemperature', selector: 0 },
  { reading: 'graphicsClockHertz', name: 'nvmlDeviceGetClockInfo', selector: 0, ...megahertz },
  { reading: 'smClockHertz', name: 'nvmlDeviceGetClockInfo', selector: 1, ...megahertz },
  { reading: 'memoryClockHertz', name: 'nvmlDeviceGetClockInfo', selector: 2, ...megahertz },
  { reading: 'videoClockHertz', name: 'nvmlDeviceGetClockInfo', selector: 3, ...megahertz },
  { reading: 'performanceState', name: 'nvmlDeviceGetPerformanceState' },
  { reading: 'fanPercent', name: 'nvmlDeviceGetFanSpeed' },
  {
    reading: 'powerLimitWatts',
    name: 'nvmlDeviceGetEnforcedPowerLimit',
    denominator: 1000,
  },
  { reading: 'pcieGeneration', name: 'nvmlDeviceGetCurrPcieLinkGeneration' },
  { reading: 'pcieWidth', name: 'nvmlDeviceGetCurrPcieLinkWidth' },
  {
    reading: 'encoderPercent',
    name: 'nvmlDeviceGetEncoderUtilization',
    hasSecond: true,
  },
  {
    reading: 'decoderPercent',
    name: 'nvmlDeviceGetDecoderUtilization',
    hasSecond: true,
  },
];

/** Counters and sensors that only the field call gives (field numbers of the public header), all in one call. */
const fieldReadings = [
  { reading: 'memoryTemperatureCelsius', field: 82 },
  { reading: 'pcieReplayCount', field: 94 },
] as const satisfies readonly { reading: ReadingName; field: number }[];

/** nvmlFieldValue_t: field id 0, scope 4, stamp 8, latency 16, value type 24, return code 28, value 32. */
const fieldRowBytes = 40;

/** Everything that changes slowly or matters less; the throughput call that takes 20 ms is never made. */
export async function readSlow(calls: DeviceCalls, draft: UpdateDraft): Promise<void> {
  for (const reading of numberReadings) await readNumber(calls, reading, draft);
  await readFields(calls, draft);
  dropAbsentSensor(draft);
  const processes = await readProcesses(calls);
  if (typeof processes === 'string') {
    draft.missing('processCount', processes);
  } else {
    draft.processes(processes);
    draft.reading('processCount', processes.length);
  }
}

function dropAbsentSensor(draft: UpdateDraft): void {
  const memoryCelsius = draft.value('memoryTemperatureCelsius');
  if (memoryCelsius === undefined) return;
  if (!isSensorless(memoryCelsius, draft.value('temperatureCelsius'))) return;
  draft.missing('memoryTemperatureCelsius', 'not_supported');
}

async function readNumber(
  calls: DeviceCalls,
  kind: NumberReading,
  draft: UpdateDraft,
): Promise<void> {
  const value = Buffer.alloc(4);
  const reason = await calls.attempt(
    kind.reading,
    kind.name,
    ...(kind.selector === undefined ? [] : [kind.selector]),
    value,
    ...(kind.hasSecond ? [Buffer.alloc(4)] : []),
  );
  if (reason !== undefined) {
    draft.missing(kind.reading, reason);
    return;
  }
  const scaled = (value.readUInt32LE() * (kind.numerator ?? 1)) / (kind.denominator ?? 1);
  draft.reading(kind.reading, scaled);
}

async function readFields(calls: DeviceCalls, draft: UpdateDraft): Promise<void> {
  const rows = Buffer.alloc(fieldReadings.length * fieldRowBytes);
  for (const [index, { field }] of fieldReadings.entries()) {
    rows.writeUInt32LE(field, index * fieldRowBytes);
  }
  const reason = await calls.attempt(
    'fields',
    'nvmlDeviceGetFieldValues',
    fieldReadings.length,
    rows,
  );
  for (const [index, { reading }] of fieldReadings.entries()) {
    const at = index * fieldRowBytes;
    const code = rows.readUInt32LE(at + 28);
    if (reason !== undefined) draft.missing(reading, reason);
    else if (code !== codes.ok) draft.missing(reading, missingReasonOf(code));
    else draft.reading(reading, readValue(rows, at + 32, rows.readUInt32LE(at + 24)));
  }
}
